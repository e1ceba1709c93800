import type { DocumentListResponse, DocumentResponse } from '@codesync/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestApi, OPENING, type Person, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let me: Person;

beforeAll(async () => {
  api = await openTestApi();
}, OPENING);
beforeEach(async () => {
  await api.reset();
  me = await api.person('Me');
});
afterAll(() => api.close());

/** A second apart, so that the last one comes first. */
async function make(titles: readonly string[], who = me): Promise<DocumentResponse[]> {
  const made: DocumentResponse[] = [];
  for (const title of titles) {
    await api.clock.advance(1_000);
    made.push(await who.creates({ title }));
  }
  return made;
}

async function titles(query = '', who = me): Promise<string[]> {
  const answer = await who.get(`/documents${query}`);
  expect(answer.status).toBe(200);
  return (answer.body as DocumentListResponse).items.map(({ title }) => title);
}

describe('GET /documents', () => {
  it('is empty for someone new', async () => {
    expect(await me.get('/documents')).toMatchObject({ status: 200, body: { items: [], nextCursor: null } });
  });

  it('lists newest edit first; typing and renaming are edits', async () => {
    const [one, two] = await make(['one', 'two', 'three']);
    expect(await titles()).toEqual(['three', 'two', 'one']);
    await api.clock.advance(1_000);
    await me.put(`/documents/${one?.id}/content`, 'typed');
    expect(await titles()).toEqual(['one', 'three', 'two']);
    await api.clock.advance(1_000);
    await me.patch(`/documents/${two?.id}`, { title: '2' });
    expect(await titles()).toEqual(['2', 'one', 'three']);
  });

  it('filters what is mine, what is shared with me and what is in my trash', async () => {
    const friend = await api.person('Friend');
    const [mine, binned] = await make(['mine', 'binned']);
    const [theirs, theirBinned] = await make(['theirs', 'their binned', 'secret'], friend);
    for (const document of [theirs, theirBinned]) if (document) await friend.shares(document.id, me, 'editor');
    await me.delete(`/documents/${binned?.id}`);
    await friend.delete(`/documents/${theirBinned?.id}`);

    expect(await titles()).toEqual(['theirs', 'mine']);
    expect(await titles('?filter=all')).toEqual(['theirs', 'mine']);
    expect(await titles('?filter=owned')).toEqual(['mine']);
    expect(await titles('?filter=shared')).toEqual(['theirs']);
    expect(await titles('?filter=trash')).toEqual(['binned']);
    const trash = await me.get('/documents?filter=trash');
    expect(trash.body).toMatchObject({ items: [{ deletedAt: expect.any(String), role: 'owner' }] });
    expect(mine).toBeDefined();
  });

  it('finds a part of the title in any case, and takes it as it is written', async () => {
    await make(['100% done', '100 done', 'snake_case', 'snakeXcase', 'back\\slash', 'ÄRGER und Größe']);
    expect(await titles('?q=DONE')).toEqual(['100 done', '100% done']);
    expect(await titles(`?q=${encodeURIComponent('0% D')}`)).toEqual(['100% done']);
    expect(await titles('?q=e_c')).toEqual(['snake_case']);
    expect(await titles(`?q=${encodeURIComponent('k\\s')}`)).toEqual(['back\\slash']);
    expect(await titles(`?q=${encodeURIComponent('ärger')}`)).toEqual(['ÄRGER und Größe']);
    expect(await titles(`?q=${encodeURIComponent("'; drop table users; --")}`)).toEqual([]);
    expect(await titles('?q=%20')).toHaveLength(6);
  });

  it('pages through all documents once, also those edited in the same millisecond', async () => {
    await Promise.all(Array.from({ length: 7 }, (_, at) => me.creates({ title: `same ${at}` })));
    await make(['newer']);
    const seen: string[] = [];
    let cursor: string | null = '';
    let pages = 0;
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const answer = await me.get(`/documents?limit=3${query}`);
      const page = answer.body as DocumentListResponse;
      expect(page.items.length).toBeLessThanOrEqual(3);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(new Set(seen).size).toBe(8);
  });

  it('a page that ends with the last document has no next one', async () => {
    await make(['one', 'two']);
    expect(await me.get('/documents?limit=2')).toMatchObject({ body: { nextCursor: null } });
  });

  it.each([
    ['cursor', 'nonsense'],
    ['cursor', Buffer.from('[1,"x"]').toString('base64url')],
    ['cursor', Buffer.from('[1e300,"00000000-0000-4000-8000-000000000000"]').toString('base64url')],
    ['limit', '0'],
    ['limit', '101'],
    ['limit', '1.5'],
    ['limit', 'ten'],
    ['filter', 'everything'],
    ['q', 'x'.repeat(201)],
    ['q', '%00'],
  ])('a %s of %j is refused', async (name, value) => {
    expect(await me.get(`/documents?${name}=${value}`)).toMatchObject({
      status: 422,
      body: { code: 'invalid', errors: [{ path: name }] },
    });
  });
});
