import { defineConfig } from 'vitest/config';

// One project a room. A room whose tests need more (a browser, long waits) has its own vitest.config.ts.
export default defineConfig({
  test: {
    projects: [
      ...[
        'packages/contract',
        'packages/backends',
        'packages/storage',
        'packages/database',
        'packages/runtime',
        'packages/operations',
        'api',
        'sync-server',
      ].map((root) => ({
        test: {
          name: root.replace('packages/', ''),
          root,
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          // A test that hangs is ended. On a machine that is busy a second's work takes many.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      })),
      'packages/standalone',
      'packages/cluster',
      'packages/e2e',
      'packages/e2e/vitest.cluster.config.ts',
      'web',
    ],
  },
});
