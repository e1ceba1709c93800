import { type DocumentResponse, newDocumentId } from '@codesync/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import {
  ANA,
  type Answers,
  problem,
  type RenderedApp,
  renderApp,
  signedInAs,
  signedOut,
} from '../app/testing/render-app.tsx';

let app: RenderedApp;
afterEach(() => app.stop());

function document(title: string, more: Partial<DocumentResponse> = {}): DocumentResponse {
  const at = new Date().toISOString();
  return {
    id: newDocumentId(),
    title,
    language: 'plaintext',
    role: 'owner',
    ownerId: ANA.id,
    createdAt: at,
    updatedAt: at,
    ...more,
  };
}

/** A list that trashing and restoring really change, so that what is shown afterwards is the server's word. */
function listOf(documents: readonly DocumentResponse[]): Answers {
  const trashed = new Set<string>();
  const changes = documents.flatMap(({ id }): (readonly [string, () => Response])[] => [
    [`DELETE /api/documents/${id}`, () => (trashed.add(id), new Response(null, { status: 204 }))],
    [`POST /api/documents/${id}/restore`, () => (trashed.delete(id), Response.json(documents[0]))],
  ]);
  return {
    ...signedInAs(ANA),
    ...Object.fromEntries(changes),
    'GET /api/documents': ({ url }) => {
      const q = new URL(url).searchParams.get('q') ?? '';
      return Response.json({
        items: documents.filter(({ id, title }) => !trashed.has(id) && title.includes(q)),
        nextCursor: null,
      });
    },
  };
}

const row = (title: string) => page.getByRole('link', { name: title, exact: true });

describe('the list', () => {
  it('is links named by their titles, gone through with the arrow keys', async () => {
    app = renderApp('/documents', listOf([document('one'), document('two'), document('three')]));
    await expect.element(row('one')).toBeVisible();
    await userEvent.keyboard('/');
    await expect.element(page.getByRole('searchbox', { name: 'Search documents' })).toHaveFocus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    await expect.element(row('two')).toHaveFocus();
    await userEvent.keyboard('{End}');
    await expect.element(row('three')).toHaveFocus();
    await userEvent.keyboard('{Home}{ArrowUp}');
    await expect.element(page.getByRole('searchbox', { name: 'Search documents' })).toHaveFocus();
  });

  it('asks the server for what is searched, and says when nothing matches', async () => {
    app = renderApp('/documents', listOf([document('alpha'), document('beta')]));
    await page.getByRole('searchbox', { name: 'Search documents' }).fill('bet');
    await expect.element(row('beta')).toBeVisible();
    await expect.element(row('alpha')).not.toBeInTheDocument();
    expect(app.requests.at(-1)?.search).toBe('?filter=all&q=bet');
    await expect.element(page.getByText('1 document found')).toBeInTheDocument();
    await page.getByRole('searchbox', { name: 'Search documents' }).fill('gamma');
    await expect.element(page.getByRole('heading', { name: 'Nothing matches “gamma”' })).toBeVisible();
    await page.getByRole('button', { name: 'Show all documents' }).click();
    await expect.element(row('alpha')).toBeVisible();
  });

  it('fetches the next page by its cursor', async () => {
    app = renderApp('/documents', {
      ...signedInAs(ANA),
      'GET /api/documents': ({ url }) =>
        new URL(url).searchParams.get('cursor') === 'second'
          ? Response.json({ items: [document('last')], nextCursor: null })
          : Response.json({ items: [document('first')], nextCursor: 'second' }),
    });
    await expect.element(row('first')).toBeVisible();
    await expect.element(row('last')).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Show more' })).not.toBeInTheDocument();
  });

  it('says that it cannot be loaded and tries again', async () => {
    let isBroken = true;
    app = renderApp('/documents', {
      ...signedInAs(ANA),
      'GET /api/documents': () =>
        isBroken ? problem('internal') : Response.json({ items: [document('back')], nextCursor: null }),
    });
    await expect.element(page.getByRole('heading', { name: 'The list cannot be loaded' })).toBeVisible();
    isBroken = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.element(row('back')).toBeVisible();
  });

  it('goes to the sign-in when the session has ended meanwhile', async () => {
    app = renderApp('/documents', { ...signedInAs(ANA), 'GET /api/documents': () => problem('not_signed_in') });
    await expect.element(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    expect(app.visited.at(-1)).toBe('/login?to=%2Fdocuments');
  });
});

describe('a row', () => {
  it('goes to the trash at once, the focus to the next, and Undo brings it back', async () => {
    app = renderApp('/documents', listOf([document('keep'), document('drop'), document('other')]));
    await page.getByRole('button', { name: 'Actions for drop' }).click();
    await page.getByRole('menuitem', { name: 'Move to trash' }).click();
    await expect.element(row('drop')).not.toBeInTheDocument();
    await expect.element(row('other')).toHaveFocus();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.element(row('drop')).toBeVisible();
  });

  it('stays when the server refuses', async () => {
    const one = document('mine');
    app = renderApp('/documents', {
      ...listOf([one]),
      [`DELETE /api/documents/${one.id}`]: () => problem('unavailable'),
    });
    await page.getByRole('button', { name: 'Actions for mine' }).click();
    await page.getByRole('menuitem', { name: 'Move to trash' }).click();
    await expect.element(page.getByText(/^“mine” was not moved to the trash/)).toBeVisible();
    await expect.element(row('mine')).toBeVisible();
  });

  it('is renamed in its place: kept on Enter, dropped on Esc', async () => {
    const one = document('old');
    let title = 'old';
    app = renderApp('/documents', {
      ...signedInAs(ANA),
      'GET /api/documents': () => Response.json({ items: [{ ...one, title }], nextCursor: null }),
      [`PATCH /api/documents/${one.id}`]: () => ((title = 'new'), Response.json({ ...one, title })),
    });
    await page.getByRole('button', { name: 'Actions for old' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveFocus();
    await userEvent.keyboard('other{Escape}');
    await expect.element(row('old')).toHaveFocus();
    await page.getByRole('button', { name: 'Actions for old' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveFocus();
    await userEvent.keyboard('new{Enter}');
    await expect.element(row('new')).toHaveFocus();
    await expect
      .poll(() => app.requests.filter(({ line }) => line.startsWith('PATCH')).map(({ body }) => body))
      .toEqual([{ title: 'new' }]);
  });

  it('offers a viewer nothing that the server would refuse', async () => {
    app = renderApp('/documents', listOf([document('theirs', { role: 'viewer' })]));
    await page.getByRole('button', { name: 'Actions for theirs' }).click();
    await expect.element(page.getByRole('menuitem', { name: 'Copy link' })).toBeVisible();
    await expect.element(page.getByRole('menuitem', { name: 'Rename' })).not.toBeInTheDocument();
    await expect.element(page.getByRole('menuitem', { name: 'Move to trash' })).not.toBeInTheDocument();
  });

  it('in the trash is deleted for good only after a question', async () => {
    const one = document('gone', { deletedAt: new Date().toISOString() });
    let isThere = true;
    app = renderApp('/documents?filter=trash', {
      ...signedInAs(ANA),
      'GET /api/documents': () => Response.json({ items: isThere ? [one] : [], nextCursor: null }),
      [`DELETE /api/documents/${one.id}`]: () => ((isThere = false), new Response(null, { status: 204 })),
    });
    await page.getByRole('button', { name: 'Actions for gone' }).click();
    await page.getByRole('menuitem', { name: 'Delete for good' }).click();
    await expect.element(page.getByRole('alertdialog', { name: 'Delete “gone” for good?' })).toBeVisible();
    expect(app.requests.some(({ line }) => line.startsWith('DELETE'))).toBe(false);
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await expect.element(page.getByRole('heading', { name: 'The trash is empty' })).toBeVisible();
    expect(app.requests.find(({ line }) => line.startsWith('DELETE'))?.search).toBe('?permanent=true');
  });
});

it('signing out leads to the first page, not to the sign-in form', async () => {
  let isSignedIn = true;
  app = renderApp('/documents', {
    ...listOf([document('one')]),
    'GET /api/auth/me': (request) =>
      isSignedIn ? Response.json({ user: ANA }) : (signedOut['GET /api/auth/me']?.(request) ?? Response.error()),
    'POST /api/auth/logout': () => ((isSignedIn = false), new Response(null, { status: 204 })),
  });
  await page.getByRole('button', { name: 'Account' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect.element(page.getByRole('link', { name: 'Create account' })).toBeVisible();
  expect(app.visited.at(-1)).toBe('/');
});
