// How tests start the machine's own Chromium: headless, and speaking to nobody but the page under test.

export interface ChromiumLaunch {
  readonly executablePath: string;
  readonly args: string[];
}

/** PLAYWRIGHT_CHROMIUM names another binary than Debian's. */
export function chromium(env: Readonly<Record<string, string | undefined>>): ChromiumLaunch {
  return {
    executablePath: env['PLAYWRIGHT_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  };
}
