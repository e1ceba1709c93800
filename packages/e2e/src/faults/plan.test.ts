// A round's plan: a seed repeats it, and seeds that follow each other leave no fault out.
import { expect, it } from 'vitest';
import { FAULT_KINDS, specOf } from './fault-kinds.ts';
import { planRound } from './plan.ts';

const SEEDS = Array.from({ length: 200 }, (_, index) => 1_000 + index);

it('a seed gives the same plan again, and another one another', () => {
  for (const seed of SEEDS) expect(planRound(seed)).toEqual(planRound(seed));
  expect(new Set(SEEDS.map((seed) => JSON.stringify(planRound(seed)))).size).toBe(SEEDS.length);
});

it('as many rounds as there are faults bring each of them', () => {
  const seen = SEEDS.slice(0, FAULT_KINDS.length).flatMap((seed) => planRound(seed).faults.map(({ kind }) => kind));
  expect(new Set(seen)).toEqual(new Set(FAULT_KINDS));
});

it('a round has 6 to 12 authors, somebody on each document who is told what is kept, and 1 to 3 faults while they type', () => {
  for (const { authors, documents, faults, work } of SEEDS.map(planRound)) {
    expect(authors.length).toBeGreaterThanOrEqual(6);
    expect(authors.length).toBeLessThanOrEqual(12);
    for (let document = 0; document < documents; document++) {
      const here = authors.filter((author) => author.document === document && author.leaves === undefined);
      expect(here.some(({ client }) => client === 'acked')).toBe(true);
    }
    expect(faults.length).toBeGreaterThanOrEqual(1);
    expect(faults.length).toBeLessThanOrEqual(3);
    for (const { at, kind, lasts } of faults) {
      expect(at).toBeLessThan(work);
      expect(lasts).toBeGreaterThanOrEqual(specOf(kind).lasts[0]);
      expect(lasts).toBeLessThanOrEqual(specOf(kind).lasts[1]);
    }
  }
});
