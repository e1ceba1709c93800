// A real Chromium, and people in windows of their own.
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** The last ones keep the browser from calling home. */
const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchBrowser(): Promise<Browser> {
  // Set by the bootstrap, which also looks on PATH.
  const executablePath = process.env['PLAYWRIGHT_CHROMIUM'] ?? PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) throw new Error('no Chromium found: npm test installs one, or says how to');
  return chromium.launch({ executablePath, args: SWITCHES });
}

export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page's console reported as errors, and exceptions that nobody caught. */
  readonly errors: readonly string[];
}

/** A window of somebody who is signed in, by the cookie that signing in sets. */
export async function openWindow(
  browser: Browser,
  url: string,
  token: string | undefined,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Window> {
  const context = await browser.newContext({ baseURL: url, ...options });
  if (token !== undefined)
    await context.addCookies([{ name: 'codesync_session', value: token, url, httpOnly: true, sameSite: 'Lax' }]);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return { page, context, errors };
}
