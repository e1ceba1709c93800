// Logic runs in node (*.test.ts); what needs a DOM or Monaco runs in Chromium (*.browser.test.ts, *.browser.test.tsx).
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromium } from './test/chromium.ts';

export default defineConfig({
  test: {
    name: 'web',
    projects: [
      {
        extends: './vite.config.ts',
        test: {
          name: 'node',
          environment: 'node',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
        },
      },
      {
        extends: './vite.config.ts',
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.{ts,tsx}'],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: chromium(process.env) }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
