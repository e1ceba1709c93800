// `node packages/e2e/src/screenshots.ts FOLDER`: a picture of each page, in light, dark and at phone width, to be looked at.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser, openWindow } from './browser.ts';
import { moveToEnd, openDocument } from './editor-page.ts';
import { register } from './person.ts';
import { startServerProcess } from './server-process.ts';
import { readTrace } from './traces.ts';

const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const;

/** The scene on the first page has two cursors after about so many milliseconds; it never comes to rest. */
const SCENE = 1_500;

/** Fonts are there, and what moves in, or waits for a phone's keyboard, has arrived. */
async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const dialogs = [...document.querySelectorAll('[role=dialog]')].map((dialog) => dialog.parentElement ?? dialog);
    const isMoving = document.getAnimations().some(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    return (
      document.fonts.status === 'loaded' && !isMoving && dialogs.every((each) => getComputedStyle(each).opacity === '1')
    );
  });
}

const folder = process.argv[2] ?? 'screenshots';
await mkdir(folder, { recursive: true });
const data = await mkdtemp(join(tmpdir(), 'codesync-screenshots-'));
const [server, browser] = await Promise.all([startServerProcess({ data }), launchBrowser()]);

try {
  const ana = await register(server.url, 'Ana Lovelace');
  const ben = await register(server.url, 'Ben Okri');
  const newcomer = await register(server.url, 'New Comer');
  const { id } = await ana.createDocument({
    title: 'skip_list.rs',
    language: 'rust',
    content: readTrace('rustcode').endContent.slice(0, 8_000),
  });
  await ana.share(id, ben.email, 'editor');
  for (const title of ['notes.md', 'server.ts', 'index.html', 'query.sql']) await ana.createDocument({ title });

  const guest = await openWindow(browser, server.url, ben.token);
  await openDocument(guest.page, id);
  await guest.page.locator('.monaco-editor .view-lines').click({ position: { x: 120, y: 200 } });
  await guest.page.keyboard.press('Shift+ArrowDown');

  for (const [look, options] of Object.entries(LOOKS)) {
    const open = (token?: string) => openWindow(browser, server.url, token, options);
    const shoot = async (page: Page, name: string) => {
      await atRest(page);
      await page.screenshot({ path: join(folder, `${name}-${look}.png`) });
    };

    const { page: stranger } = await open();
    for (const [name, path] of [
      ['home', '/'],
      ['login', '/login'],
      ['register', '/register'],
    ] as const) {
      await stranger.goto(path);
      await stranger.getByRole('heading').first().waitFor();
      if (path === '/') await stranger.waitForTimeout(SCENE);
      await shoot(stranger, name);
    }

    const { page } = await open(ana.token);
    await page.goto('/documents');
    await page.getByRole('link', { name: 'notes.md' }).waitFor();
    await shoot(page, 'documents');
    await openDocument(page, id);
    await moveToEnd(page);
    await page.keyboard.press('ControlOrMeta+Home');
    await page.locator('.monaco-editor').getByText('Ben Okri', { exact: true }).waitFor({ state: 'attached' });
    await shoot(page, 'editor');
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByRole('list', { name: 'Members' }).getByText('Ben Okri').first().waitFor();
    await shoot(page, 'share');

    const { page: empty } = await open(newcomer.token);
    await empty.goto('/documents');
    await empty.getByRole('button', { name: 'New document' }).first().waitFor();
    await empty.getByText('No documents yet').waitFor();
    await shoot(empty, 'documents-empty');
    await empty.goto(`/d/${id}`);
    await empty.getByRole('heading').first().waitFor();
    await shoot(empty, 'no-access');
    await empty.goto('/nowhere');
    await empty.getByRole('heading').first().waitFor();
    await shoot(empty, 'not-found');
  }
} finally {
  await browser.close();
  await server.stop();
  await rm(data, { recursive: true, force: true });
}
