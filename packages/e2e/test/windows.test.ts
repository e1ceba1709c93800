// Real browser windows on one document: typing at once, offline for a while, undo, names on cursors.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openWindow, type Window } from '../src/browser.ts';
import { moveToEnd, openDocument, readText, saveStatus } from '../src/editor-page.ts';
import { startInstallation, type Installation } from '../src/installation.ts';
import { register, type Person } from '../src/person.ts';
import { until } from '../src/until.ts';

let server: Installation;
let browser: Browser;
let people: { ana: Person; ben: Person; cleo: Person };
const windows: Window[] = [];

beforeAll(async () => {
  [server, browser] = await Promise.all([startInstallation(), launchBrowser()]);
  const [ana, ben, cleo] = await Promise.all(['Ana', 'Ben', 'Cleo'].map((name) => register(server.url, name)));
  if (ana === undefined || ben === undefined || cleo === undefined) throw new Error('three people registered');
  people = { ana, ben, cleo };
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

afterEach(async () => {
  for (const { context } of windows.splice(0)) await context.close();
});

async function windowOf(person: Person, document: string): Promise<Window> {
  const window = await openWindow(browser, server.url, person.token);
  windows.push(window);
  await openDocument(window.page, document);
  return window;
}

async function sharedDocument(content = ''): Promise<string> {
  const { id } = await people.ana.createDocument({ title: 'together.txt', content });
  await people.ana.share(id, people.ben.email, 'editor');
  await people.ana.share(id, people.cleo.email, 'editor');
  return id;
}

it('R21: two type at once and a third one while offline: all three and the server end with one text', async () => {
  const id = await sharedDocument();
  const [ana, ben, cleo] = [
    await windowOf(people.ana, id),
    await windowOf(people.ben, id),
    await windowOf(people.cleo, id),
  ];
  await cleo.context.setOffline(true);
  await until(async () => expect(await saveStatus(cleo.page)).toMatch(/^Offline/));
  for (const { page } of [ana, ben, cleo]) await moveToEnd(page);
  await Promise.all([
    ana.page.keyboard.type('ana types this line\n', { delay: 15 }),
    ben.page.keyboard.type('ben types that line\n', { delay: 12 }),
    cleo.page.keyboard.type('cleo is on a train\n', { delay: 10 }),
  ]);
  await until(async () => expect(await saveStatus(cleo.page)).toMatch(/^Offline.* 19 /));
  expect(await readText(ana.page)).not.toContain('train');
  await cleo.context.setOffline(false);

  await until(async () => {
    const texts = await Promise.all(windows.map(({ page }) => readText(page)));
    expect(new Set([...texts, await people.ana.content(id)]).size).toBe(1);
    expect(texts[0]).toHaveLength(20 + 20 + 19);
  });
  expect(await readText(ana.page)).toContain('cleo is on a train\n');
  for (const { page } of windows) await until(async () => expect(await saveStatus(page)).toMatch(/^Saved/));
});

it('R12: cursors and the list of people carry the names that the server knows', async () => {
  const id = await sharedDocument('line one\nline two\n');
  const [ana, ben] = [await windowOf(people.ana, id), await windowOf(people.ben, id)];
  await moveToEnd(ben.page);
  await ben.page.keyboard.type('b');
  const list = ana.page.getByRole('list', { name: 'People here' });
  await list.getByText('Ana (you)').or(list.getByLabel('Ana (you)')).first().waitFor({ state: 'attached' });
  await list.getByText('Ben').or(list.getByLabel('Ben')).first().waitFor({ state: 'attached' });
  await ana.page.locator('.monaco-editor').getByText('Ben', { exact: true }).waitFor({ state: 'attached' });
  await ben.context.close();
  await until(async () =>
    expect(await ana.page.locator('.monaco-editor').getByText('Ben', { exact: true }).count()).toBe(0),
  );
});

it("R22: Ctrl+Z in one window never touches the others' text", async () => {
  const id = await sharedDocument();
  const [ana, ben] = [await windowOf(people.ana, id), await windowOf(people.ben, id)];
  await moveToEnd(ana.page);
  await ana.page.keyboard.type('LOCAL');
  await until(async () => expect(await readText(ben.page)).toBe('LOCAL'));
  await ben.page.locator('.monaco-editor .view-lines').click();
  await ben.page.keyboard.press('ControlOrMeta+Home');
  await ben.page.keyboard.type('REMOTE-');
  await until(async () => expect(await readText(ana.page)).toBe('REMOTE-LOCAL'));
  for (let times = 0; times < 5; times++) await ana.page.keyboard.press('ControlOrMeta+z');
  await until(async () => expect(await readText(ben.page)).toBe('REMOTE-'));
  expect(await readText(ana.page)).toBe('REMOTE-');
  for (let times = 0; times < 5; times++) await ana.page.keyboard.press('ControlOrMeta+Shift+z');
  await until(async () => expect(await readText(ben.page)).toBe('REMOTE-LOCAL'));
});

it('R1: the server is killed while someone types; the page reconnects by itself and nothing is missing', async () => {
  const id = await sharedDocument();
  const ana = await windowOf(people.ana, id);
  await moveToEnd(ana.page);
  await ana.page.keyboard.type('before, ');
  await server.kill();
  await until(async () => expect(await saveStatus(ana.page)).toMatch(/^Offline/));
  await ana.page.keyboard.type('meanwhile, ');
  await server.restart();
  await ana.page.keyboard.type('after');
  await until(async () => expect(await saveStatus(ana.page)).toMatch(/^Saved/));
  expect(await people.ana.content(id)).toBe('before, meanwhile, after');
});

it('a viewer is told why they cannot type, and becoming an editor needs no reload', async () => {
  const { id } = await people.ana.createDocument({ content: 'look' });
  await people.ana.share(id, people.ben.email, 'viewer');
  const { page } = await windowOf(people.ben, id);
  await until(async () => expect(await saveStatus(page)).toMatch(/^Read-only/));
  await moveToEnd(page);
  await page.keyboard.type('!');
  expect(await readText(page)).toBe('look');
  await people.ana.share(id, people.ben.email, 'editor');
  await until(async () => expect(await saveStatus(page)).toMatch(/^Saved/));
  await page.keyboard.type('!');
  await until(async () => expect(await people.ana.content(id)).toBe('look!'));
});
