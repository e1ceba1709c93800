// A new person's first minute: an account, a document, a friend; with axe on each page.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, openWindow } from '../src/browser.ts';
import { moveToEnd, openDocument, readText, saveStatus } from '../src/editor-page.ts';
import { startInstallation, type Installation } from '../src/installation.ts';
import { register } from '../src/person.ts';
import { until } from '../src/until.ts';

let server: Installation;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startInstallation(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
}

it('from the first page to a shared document, with nothing but what is on the screen', async () => {
  const friend = await register(server.url, 'Ben');
  const { page, context, errors } = await openWindow(browser, server.url, undefined);
  await page.goto('/');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Create account' }).first().click();
  await page.getByLabel('Name').fill('Ana');
  await page.getByLabel('Email').fill('ana@example.com');
  await page.getByLabel('Password').fill('short');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('alert').first().waitFor();
  await page.getByLabel('Password').fill('a long enough one');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL('**/documents');
  await expectAccessible(page);

  await page.getByRole('button', { name: 'New document' }).first().click();
  await page.waitForURL('**/d/*');
  await page.locator('.monaco-editor .view-lines').waitFor();
  const title = page.getByRole('banner').getByRole('textbox', { name: 'Title' });
  await title.fill('greeting.ts');
  await title.press('Enter');
  await moveToEnd(page);
  await page.keyboard.type('hello');
  await until(async () => expect(await saveStatus(page)).toMatch(/^Saved/));
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog', { name: 'Share' });
  await dialog.getByRole('textbox', { name: 'Email' }).fill('nobody@example.com');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('textbox', { name: 'Email' }).fill(friend.email);
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByRole('list', { name: 'Members' }).getByText('Ben').first().waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  const document = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const other = await openWindow(browser, server.url, friend.token);
  await openDocument(other.page, document);
  await until(async () => expect(await readText(other.page)).toBe('hello'));
  await other.context.close();

  await page.goto('/documents');
  await page.getByRole('link', { name: 'greeting.ts' }).waitFor();
  await page.getByRole('searchbox', { name: 'Search documents' }).fill('nothing like it');
  await until(async () => expect(await page.getByRole('link', { name: 'greeting.ts' }).count()).toBe(0));
  await page.getByRole('searchbox', { name: 'Search documents' }).fill('GREET');
  await page.getByRole('link', { name: 'greeting.ts' }).waitFor();
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).first().waitFor();
  await context.close();
  // 404s and 422s that the journey provokes are reported by the browser itself, not by the page.
  expect(errors.filter((error) => !error.startsWith('Failed to load resource'))).toEqual([]);
});

it.each([
  { look: 'dark', options: { colorScheme: 'dark' } },
  { look: 'at phone width', options: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
  { look: 'with more contrast', options: { contrast: 'more' } },
] as const)('axe finds nothing serious on any page, $look', async ({ options }) => {
  const ana = await register(server.url, 'Ana');
  const { id } = await ana.createDocument({ title: 'shapes.ts', content: 'const a = 1; // one "two"\n' });
  const stranger = await openWindow(browser, server.url, undefined, options);
  for (const path of ['/', '/login', '/register', '/nowhere']) {
    await stranger.page.goto(path);
    await stranger.page.getByRole('heading').first().waitFor();
    await expectAccessible(stranger.page);
  }
  const { page, context } = await openWindow(browser, server.url, ana.token, options);
  await page.goto('/documents');
  await page.getByRole('link', { name: 'shapes.ts' }).waitFor();
  await expectAccessible(page);
  await openDocument(page, id);
  await until(async () => expect(await saveStatus(page)).toMatch(/^Saved/));
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('list', { name: 'Members' }).getByText('Ana').first().waitFor();
  await expectAccessible(page);
  await Promise.all([stranger.context.close(), context.close()]);
});

it('who has no access, and who follows a dead address, is told so by a heading', async () => {
  const [ana, ben] = [await register(server.url, 'Ana'), await register(server.url, 'Ben')];
  const { id } = await ana.createDocument({ title: 'secret plans' });
  const { page, context } = await openWindow(browser, server.url, ben.token);
  await page.goto(`/d/${id}`);
  await page.getByRole('heading', { name: /access/i }).waitFor();
  expect(await page.content()).not.toContain('secret plans');
  await expectAccessible(page);
  await page.goto(`/d/${crypto.randomUUID()}`);
  await page.getByRole('heading').first().waitFor();
  await page
    .getByRole('link', { name: /documents/i })
    .first()
    .waitFor();
  await expectAccessible(page);
  await context.close();
});

it('the text can be left by keyboard: Esc, then Tab', async () => {
  const ana = await register(server.url, 'Ana');
  const { id } = await ana.createDocument();
  const { page, context } = await openWindow(browser, server.url, ana.token);
  await openDocument(page, id);
  await moveToEnd(page);
  const inText = () => page.evaluate(() => document.activeElement?.closest('.monaco-editor') !== null);
  expect(await inText()).toBe(true);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  expect(await inText()).toBe(false);
  expect(await readText(page)).toBe('');
  await context.close();
});
