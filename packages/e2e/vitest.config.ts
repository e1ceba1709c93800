import { defineConfig } from 'vitest/config';

/** One process or many tasks; the journeys in test/ are the same. */
export default defineConfig({
  test: {
    name: 'e2e',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    provide: { shape: 'one process' },
    // Whole servers and browsers: one journey at a time, so that none waits for a processor that another one has.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
