// What a person does on the editor's page, and what they and the page's debugging handle see there.
import type { Page } from 'playwright-core';

/** What the web puts on globalThis for whoever has to look inside: read-only. */
interface DebuggingHandle {
  /** The Y.Text. */
  text(): string;
  /** The Monaco model. */
  modelText(): string;
}

/** Opens the document and waits until its text can be typed into. */
export async function openDocument(page: Page, document: string): Promise<void> {
  await page.goto(`/d/${document}`);
  await page.locator('.monaco-editor .view-lines').waitFor();
}

/** Puts the caret behind the last character. */
export async function moveToEnd(page: Page): Promise<void> {
  await page.locator('.monaco-editor .view-lines').click();
  await page.keyboard.press('ControlOrMeta+End');
}

/** The text of the Y.Text; throws when Monaco shows another one (R21). */
export function readText(page: Page): Promise<string> {
  return page.evaluate(() => {
    const handle = (globalThis as unknown as { codesync: DebuggingHandle }).codesync;
    const [text, shown] = [handle.text(), handle.modelText()];
    if (text !== shown)
      throw new Error(`R21: Monaco shows ${JSON.stringify(shown)}, the text is ${JSON.stringify(text)}`);
    return text;
  });
}

export async function saveStatus(page: Page): Promise<string> {
  return (await page.getByRole('status', { name: 'Save status' }).textContent()) ?? '';
}
