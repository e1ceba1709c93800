import { defineConfig } from 'vitest/config';

/** The same journeys over many tasks, after those over one process: both want the whole machine. */
export default defineConfig({
  test: {
    name: 'e2e-cluster',
    include: ['test/{sockets,traces,windows,first-minute}.test.ts'],
    provide: { shape: 'cluster' },
    sequence: { groupOrder: 2 },
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
