// Rounds of the fault suite: many tasks, real backends, and everything that can go wrong going wrong while people type (R1-R8, R11).
import { afterAll, expect, it } from 'vitest';
import { createRunner } from '../src/faults/runner.ts';
import { KNOWN_SEEDS } from '../src/faults/seeds.ts';

const ROUNDS = 20;

/** The same plans at every run: `npm run faults` looks for new ones. Seeds that follow each other go through all kinds of faults. */
const FIRST = Number(process.env['CODESYNC_SEED'] ?? 1);

const runner = createRunner();
afterAll(() => runner.close());

it.each(Array.from({ length: ROUNDS }, (_, index) => index + 1))(
  `R1, R4, R7, R11: round %i of ${ROUNDS}: whatever fails, everyone converges, no promise is broken, and nothing is left behind`,
  async (round) => {
    const seed = FIRST + round - 1;
    expect(await runner.run(seed)).toContain(`seed ${seed}`);
  },
);

it.each(KNOWN_SEEDS)('what went wrong once: $name (seed $seed)', async ({ seed }) => {
  expect(await runner.run(seed)).toContain(`seed ${seed}`);
});
