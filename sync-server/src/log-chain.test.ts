import { parseCursor, START } from '@codesync/storage';
import { expect, it } from 'vitest';
import { createLogChain } from './log-chain.ts';

const at = (major: number) => parseCursor(`${major}-0`);

it('numbers what is handed on, and goes on counting in another history, where no old cursor means anything', () => {
  const chain = createLogChain(START);
  chain.add(at(5));
  chain.add(at(7));
  expect([START, at(5), at(7), at(6)].map((cursor) => chain.numberOf(cursor))).toEqual([0, 1, 2, undefined]);
  chain.restart(at(3));
  expect([at(5), at(7), at(3)].map((cursor) => chain.numberOf(cursor))).toEqual([undefined, undefined, 3]);
  expect([chain.place, chain.length]).toEqual([at(3), 3]);
});

it('R16: remembers the newest thousands while nothing is saved, and of what is saved a few that may be heard twice', () => {
  const chain = createLogChain(START);
  for (let major = 1; major <= 100_000; major++) chain.add(at(major));
  const known = () =>
    Array.from({ length: 100_000 }, (_, index) => chain.numberOf(at(index + 1))).filter(Boolean).length;
  expect(known()).toBeGreaterThan(1_000);
  expect(known()).toBeLessThan(20_000);
  expect(chain.numberOf(at(99_000))).toBe(99_000);
  chain.forget(99_990);
  expect(known()).toBe(64);
  chain.forget(100_000);
  expect(chain.numberOf(chain.place)).toBe(100_000);
});
