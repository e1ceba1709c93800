import { expect, it } from 'vitest';
import { packUpdates, unpackUpdates } from './packed-updates.ts';

const updates = [Uint8Array.of(1, 2, 3), new Uint8Array(), new Uint8Array(300).fill(7)];

it('updates come out as they went in, of no, one or many', () => {
  for (const some of [[], updates.slice(0, 1), updates]) {
    expect(unpackUpdates(packUpdates(some)).map((update) => [...update])).toEqual(some.map((update) => [...update]));
  }
});

it('what was cut off anywhere but between two updates throws, also inside a buffer that goes on', () => {
  const packed = packUpdates(updates);
  const whole = Buffer.concat([packed, Buffer.alloc(1_000, 1)]);
  const ends = new Set([0, 4, 5, packed.length]);
  for (let length = 0; length < packed.length; length++) {
    const cut = whole.subarray(0, length);
    if (ends.has(length)) expect(() => unpackUpdates(cut)).not.toThrow();
    else expect(() => unpackUpdates(cut)).toThrow();
  }
});
