// Two tasks over one log, one presence bus and one set of notices, as in production.
import { CLOSE } from '@codesync/contract';
import { expect, it, vi } from 'vitest';
import { createTypist } from '../src/testing/typist.ts';
import { createParts, startTestServer } from './test-server.ts';

const SOON = { timeout: 5_000, interval: 10 };

async function begin() {
  const parts = createParts();
  const [one, two] = await Promise.all([startTestServer(parts), startTestServer(parts)]);
  const ada = await parts.person('Ada');
  const ben = await parts.person('Ben');
  const document = parts.document([ada, 'owner'], [ben, 'editor']);
  return { parts, one, two, ada, ben, document };
}

it('people on different tasks write in one document and see each other', async () => {
  const { one, two, ada, ben, document } = await begin();
  const a = one.stock(ada, document);
  const b = two.stock(ben, document);
  for (let i = 0; i < 30; i++) {
    a.text.insert(a.text.length, `a${i} `);
    b.text.insert(0, `b${i} `);
  }
  await vi.waitFor(() => {
    expect(a.text.toString()).toBe(b.text.toString());
    expect(a.text.length).toBeGreaterThan(200);
    expect(a.others().has('Ben')).toBe(true);
    expect(b.others().has('Ada')).toBe(true);
  }, SOON);
  a.provider.disconnect();
  await vi.waitFor(() => expect(b.others().size).toBe(0), { timeout: 1_000, interval: 10 });
});

it('R11: who joins one task sees at once who was on the other before', async () => {
  const { one, two, ada, ben, document } = await begin();
  const a = one.stock(ada, document);
  await vi.waitFor(() => expect(a.provider.synced).toBe(true), SOON);
  const probe = two.stock(ben, document);
  await vi.waitFor(() => expect(probe.others().has('Ada')).toBe(true), SOON);
  const joiner = await two.bare(ben, document);
  joiner.send(createTypist().step1());
  await vi.waitFor(() => expect(joiner.heard().some(({ kind }) => kind === 'step-2')).toBe(true), SOON);
  const presence = joiner.heard().find((heard) => heard.kind === 'presence');
  expect(presence?.states.map(({ state }) => state?.user['name'])).toContain('Ada');
});

it('someone who moves to another task, with their old clock, is seen at once by those who knew them', async () => {
  const { one, two, ada, ben, document } = await begin();
  const a = one.stock(ada, document);
  const b = two.stock(ben, document);
  a.provider.awareness.setLocalStateField('cursor', 1);
  await vi.waitFor(() => expect(b.others().get('Ada')).toMatchObject({ cursor: 1 }), SOON);
  a.provider.disconnect();
  await vi.waitFor(() => expect(b.others().size).toBe(0), SOON);
  a.provider.serverUrl = `ws://127.0.0.1:${two.port}/socket`;
  a.provider.connect();
  await vi.waitFor(() => {
    expect(b.others().get('Ada')).toMatchObject({ cursor: 1 });
    expect(a.others().has('Ben')).toBe(true);
  }, SOON);
});

it('R14: losing access closes the sockets of every task', async () => {
  const { parts, one, two, ben, document } = await begin();
  const clients = [await one.bare(ben, document), await two.bare(ben, document)];
  for (const client of clients) await vi.waitFor(() => expect(client.frames.length).toBeGreaterThan(0), SOON);
  parts.access.revoke(document, ben.user.id);
  await parts.notices.publish({ kind: 'access-changed', document, user: ben.user.id });
  expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([CLOSE.noAccess, CLOSE.noAccess]);
});

it('R20: a task that stops saves, closes with 1012, and its people go on elsewhere', async () => {
  const { parts, one, two, ada, ben, document } = await begin();
  const a = one.stock(ada, document);
  const b = two.stock(ben, document);
  await vi.waitFor(() => expect([a.provider.synced, b.provider.synced]).toEqual([true, true]), SOON);
  const bare = await one.bare(ada, document);
  await vi.waitFor(() => expect(bare.frames.length).toBeGreaterThan(0), SOON);
  a.text.insert(0, 'the last words');
  await vi.waitFor(() => expect(b.text.toString()).toBe('the last words'), SOON);
  const draining = one.sync.drain({ window: 100 });
  await expect(one.sync.ready()).rejects.toThrow('draining');
  expect(await (await one.bare(ada, document)).closed).toBe(CLOSE.restarting);
  expect(await bare.closed).toBe(CLOSE.restarting);
  a.provider.disconnect();
  await draining;
  const saved = await parts.snapshots.load(document);
  expect(Buffer.from(saved?.state.update ?? []).toString()).toContain('the last words');
  await two.sync.ready();
});
