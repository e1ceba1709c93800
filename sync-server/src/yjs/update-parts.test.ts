import { expect, it } from 'vitest';
import { byteLength, concatenate, withoutSmallParts } from './update-parts.ts';

const part = (bytes: number, value: number) => new Uint8Array(bytes).fill(value);

it('small parts that follow each other become one, large ones stay what they are', () => {
  const large = [part(5_000, 1), part(100_000, 2)];
  const parts = [part(1, 3), part(2, 4), ...large, part(3, 5), part(4_000, 6)];
  const fewer = withoutSmallParts(parts);
  expect(fewer.map(({ byteLength: bytes }) => bytes)).toEqual([3, 5_000, 100_000, 4_003]);
  expect([fewer[1], fewer[2]]).toEqual(large);
  expect(fewer[2]?.buffer).toBe(large[1]?.buffer);
  expect(byteLength(fewer)).toBe(byteLength(parts));
  expect(Buffer.compare(concatenate(fewer), concatenate(parts))).toBe(0);
});

it('nothing is nothing', () => {
  expect(withoutSmallParts([])).toEqual([]);
  expect(concatenate([])).toEqual(new Uint8Array());
});
