// From a key pressed in one browser window to the character painted in another, both on this machine.
import { launchBrowser, openWindow } from '@codesync/e2e/browser';
import { register } from '@codesync/e2e/person';
import type { Page } from 'playwright-core';
import { percentile, type Measurement } from './measurement.ts';
import { withServer } from './server.ts';

const KEYSTROKES = 200;
/** Milliseconds between two keys: a quick typist. */
const RHYTHM = 80;

export function measureKeystroke(): Promise<Measurement[]> {
  return withServer(async (start) => {
    const server = await start();
    const browser = await launchBrowser();
    try {
      const ana = await register(server.url, 'Ana');
      const { id } = await ana.createDocument({ title: 'keys.txt' });
      const windows = [
        await openWindow(browser, server.url, ana.token),
        await openWindow(browser, server.url, ana.token),
      ];
      const [writer, reader] = windows.map(({ page }) => page);
      if (writer === undefined || reader === undefined) throw new Error('two windows were opened');
      for (const page of [writer, reader]) {
        await page.goto(`/d/${id}`);
        await page.locator('.monaco-editor .view-lines').waitFor();
      }
      await recordKeys(writer);
      await recordPaints(reader);
      await writer.locator('.monaco-editor .view-lines').click();
      for (let count = 0; count < KEYSTROKES; count++) await writer.keyboard.press('x', { delay: RHYTHM });
      await reader.waitForFunction((length) => globalThis.paints.length >= length, KEYSTROKES);

      const pressed = await writer.evaluate(() => globalThis.keys);
      const painted = await reader.evaluate(() => globalThis.paints);
      // The first ones meet code that has not run yet.
      const times = painted.slice(10).map((time, index) => time - (pressed[index + 10] ?? Number.NaN));
      return [
        { name: 'keystroke to paint, median', value: percentile(times, 0.5), unit: 'ms' },
        { name: 'keystroke to paint, p95', value: percentile(times, 0.95), unit: 'ms', budget: 50 },
      ];
    } finally {
      await browser.close();
    }
  });
}

declare global {
  /** When each key was pressed, and when the n-th character had been painted; milliseconds since the epoch. */
  var keys: number[];
  var paints: number[];
}

function recordKeys(page: Page): Promise<void> {
  return page.evaluate(() => {
    globalThis.keys = [];
    addEventListener('keydown', () => globalThis.keys.push(performance.timeOrigin + performance.now()), true);
  });
}

function recordPaints(page: Page): Promise<void> {
  return page.evaluate(() => {
    globalThis.paints = [];
    const lines = document.querySelector('.monaco-editor .view-lines');
    if (lines === null) throw new Error('no editor');
    const note = () => {
      const characters = lines.textContent.replaceAll(/[^x]/g, '').length;
      const painted = () => {
        const now = performance.timeOrigin + performance.now();
        while (globalThis.paints.length < characters) globalThis.paints.push(now);
      };
      // Monaco writes its lines in a frame callback: that frame is painted before the next task runs.
      const channel = new MessageChannel();
      channel.port1.addEventListener('message', painted, { once: true });
      channel.port1.start();
      channel.port2.postMessage(undefined);
    };
    new MutationObserver(note).observe(lines, { childList: true, subtree: true, characterData: true });
  });
}
