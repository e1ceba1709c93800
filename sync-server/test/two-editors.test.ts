// People who write in one document at the same time, with stock clients.
import { expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createParts, startTestServer } from './test-server.ts';

const SOON = { timeout: 5_000, interval: 10 };

/** Ada's document, open in a stock client of hers and in one of Ben's. */
async function twoClients(role: 'editor' | 'viewer' = 'editor') {
  const parts = createParts();
  const server = await startTestServer(parts);
  const ada = await parts.person('Ada');
  const ben = await parts.person('Ben');
  const document = parts.document([ada, 'owner'], [ben, role]);
  return { server, document, ada, ben, a: server.stock(ada, document), b: server.stock(ben, document) };
}

it('R9: two stock clients see each other’s edits, and a third who joins late has all of it', async () => {
  const parts = createParts();
  const server = await startTestServer(parts);
  const [ada, ben, cy] = await Promise.all(['Ada', 'Ben', 'Cy'].map((name) => parts.person(name)));
  if (!ada || !ben || !cy) throw new Error('three people');
  const document = parts.document([ada, 'owner'], [ben, 'editor'], [cy, 'viewer']);

  const a = server.stock(ada, document);
  const b = server.stock(ben, document);
  await vi.waitFor(() => expect([a.provider.synced, b.provider.synced]).toEqual([true, true]), SOON);
  for (let i = 0; i < 50; i++) {
    a.text.insert(a.text.length, `a${i} `);
    b.text.insert(0, `b${i} `);
  }
  await vi.waitFor(() => {
    expect(a.text.toString()).toBe(b.text.toString());
    expect(a.text.toString()).toContain('a49');
    expect(a.text.toString()).toContain('b49');
  }, SOON);

  const c = server.stock(cy, document);
  await vi.waitFor(() => expect(c.provider.synced).toBe(true), SOON);
  expect(c.text.toString()).toBe(a.text.toString());
});

it('R11, R12: people see each other at once, by the names that the server knows', async () => {
  const parts = createParts();
  const server = await startTestServer(parts);
  const ada = await parts.person('Ada');
  const ben = await parts.person('Ben');
  const document = parts.document([ada, 'owner'], [ben, 'editor']);
  const a = server.stock(ada, document);
  a.provider.awareness.setLocalState({ user: { name: 'Eve', color: '#123456' }, selection: { anchor: 1 } });
  const b = server.stock(ben, document);
  await vi.waitFor(() => {
    expect(b.others().get('Ada')).toMatchObject({
      user: { id: ada.user.id, name: 'Ada', role: 'owner', color: '#123456' },
      selection: { anchor: 1 },
    });
    expect(a.others().get('Ben')).toMatchObject({ user: { id: ben.user.id, role: 'editor' } });
  }, SOON);

  b.provider.disconnect();
  await vi.waitFor(() => expect(a.others().size).toBe(0), { timeout: 1_000, interval: 10 });
  b.provider.connect();
  await vi.waitFor(() => {
    expect(a.others().has('Ben')).toBe(true);
    expect(b.others().has('Ada')).toBe(true);
  }, SOON);
});

it('R6: text that others deleted while a client was away is gone for it too, although state vectors are equal', async () => {
  const { server, document, ben, a, b } = await twoClients();
  a.text.insert(0, 'keep and delete');
  await vi.waitFor(() => expect(b.text.toString()).toBe('keep and delete'), SOON);
  b.provider.disconnect();
  a.text.delete(4, 11);
  const late = server.stock(ben, document);
  await vi.waitFor(() => expect(late.text.toString()).toBe('keep'), SOON);
  expect(Y.encodeStateVector(b.doc)).toEqual(Y.encodeStateVector(late.doc));
  b.provider.connect();
  await vi.waitFor(() => expect(b.text.toString()).toBe('keep'), SOON);
});

it('what was written offline arrives when its author is back', async () => {
  const { a, b } = await twoClients();
  a.text.insert(0, 'one ');
  await vi.waitFor(() => expect(b.text.toString()).toBe('one '), SOON);
  b.provider.disconnect();
  b.text.insert(4, 'offline ');
  a.text.insert(0, 'zero ');
  b.provider.connect();
  await vi.waitFor(() => {
    expect(a.text.toString()).toBe('zero one offline ');
    expect(b.text.toString()).toBe(a.text.toString());
  }, SOON);
});

it('R21: a carriage return that a foreign client brings is out of the text for everyone within 4 s', async () => {
  const { a, b } = await twoClients('viewer');
  a.text.insert(0, 'one\r\ntwo\rthree');
  await vi.waitFor(
    () => {
      expect(a.text.toString()).toBe('one\ntwo\nthree');
      expect(b.text.toString()).toBe('one\ntwo\nthree');
    },
    { timeout: 4_000, interval: 10 },
  );
});
