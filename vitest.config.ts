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
        test: { name: root.replace('packages/', ''), root, include: ['src/**/*.test.ts', 'test/**/*.test.ts'] },
      })),
      'packages/standalone',
      'packages/cluster',
      'packages/e2e',
      'packages/e2e/vitest.cluster.config.ts',
      'web',
    ],
  },
});
