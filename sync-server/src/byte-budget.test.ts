import { expect, it } from 'vitest';
import { createByteBudget } from './byte-budget.ts';

it('R16: takes all or nothing, within its own limit and the one that it shares', () => {
  const shared = createByteBudget(100);
  const [one, two] = [createByteBudget(80, shared), createByteBudget(80, shared)];
  expect(one.take(81)).toBe(false);
  expect(one.take(80)).toBe(true);
  expect(two.take(30)).toBe(false);
  expect([one.used, two.used, shared.used]).toEqual([80, 0, 80]);
  one.give(50);
  expect(two.take(30)).toBe(true);
  expect(shared.used).toBe(60);
});
