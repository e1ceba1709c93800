import { defineConfig } from 'vitest/config';

// One project a room. A room whose tests need more (a browser, long waits) has its own vitest.config.ts.
export default defineConfig({
  test: {
    projects: [
      ...['packages/contract', 'packages/storage', 'packages/database', 'packages/runtime', 'api', 'sync-server'].map(
        (root) => ({
          test: { name: root.replace('packages/', ''), root, include: ['src/**/*.test.ts', 'test/**/*.test.ts'] },
        }),
      ),
      'packages/standalone',
      'packages/e2e',
      'web',
    ],
  },
});
