import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'standalone',
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bootstrap/**/*.test.ts'],
    // Each of these starts whole server processes.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
