import { expect, it } from 'vitest';
import { MESSAGE, SYNC } from './wire.ts';

it('R9: the messages of y-protocols have their numbers, ours are numbered from 110, and no two are the same', () => {
  expect(MESSAGE).toMatchObject({ sync: 0, awareness: 1, auth: 2, queryAwareness: 3 });
  expect(SYNC).toEqual({ step1: 0, step2: 1, update: 2 });
  const numbers: number[] = Object.values(MESSAGE);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.filter((number) => number > 3).every((number) => number >= 110)).toBe(true);
});
