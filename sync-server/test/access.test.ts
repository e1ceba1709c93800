// Who gets in, what a viewer can do, and what happens when access changes while a socket is open.
import { CLOSE, MESSAGE, newDocumentId, newSessionId } from '@codesync/contract';
import { START } from '@codesync/storage';
import { expect, it, vi } from 'vitest';
import { awarenessFrame, createTypist, textOf, updateFrameOf } from '../src/testing/typist.ts';
import { createParts, startTestServer, type Parts, type Person } from './test-server.ts';

const SOON = { timeout: 5_000, interval: 10 };

async function begin() {
  const parts = createParts();
  const server = await startTestServer(parts);
  const ada = await parts.person('Ada');
  const ben = await parts.person('Ben');
  return { parts, server, ada, ben };
}

function ticket(parts: Parts, person: Person, document: string): Person {
  const claims = { ...person.claims, kind: 'ticket', doc: document } as Parameters<typeof parts.tokens.sign>[0];
  return { ...person, token: parts.tokens.sign(claims, 60) };
}

it('refusals are close codes after the upgrade', async () => {
  const { parts, server, ada, ben } = await begin();
  const document = parts.document([ada, 'owner']);
  const other = parts.document([ada, 'owner']);
  const stale = { ...ada, token: parts.tokens.sign({ ...ada.claims, sid: newSessionId() }, 60) };
  const codeOf = async (...args: Parameters<typeof server.bare>) => (await server.bare(...args)).closed;
  expect(await codeOf(undefined, document)).toBe(CLOSE.notSignedIn);
  expect(await codeOf({ ...ada, token: 'forged' }, document)).toBe(CLOSE.notSignedIn);
  expect(await codeOf(stale, document)).toBe(CLOSE.notSignedIn);
  expect(await codeOf(ben, document)).toBe(CLOSE.noAccess);
  expect(await codeOf(ada, newDocumentId())).toBe(CLOSE.notFound);
  expect(await codeOf(ada, 'not-a-document')).toBe(CLOSE.notFound);
  expect(await codeOf(ticket(parts, ada, other), document)).toBe(CLOSE.noAccess);
  expect(await codeOf(ada, document, { headers: { origin: 'https://elsewhere.test' } })).toBe(CLOSE.noAccess);
});

it('a cookie, a ticket and an allowed origin let people in', async () => {
  const { parts, server, ada } = await begin();
  const document = parts.document([ada, 'owner']);
  const withCookie = await server.bare(undefined, document, {
    headers: { cookie: `theme=dark; codesync_session=${ada.token}`, origin: 'https://codesync.test' },
  });
  const withTicket = await server.bare(ticket(parts, ada, document), document);
  for (const client of [withCookie, withTicket]) {
    await vi.waitFor(() => expect(client.heard()[0]?.kind).toBe('step-1'), SOON);
  }
});

it('R15: when access cannot be asked a socket is closed with a transient code', async () => {
  const { parts, server, ada } = await begin();
  const document = parts.document([ada, 'owner']);
  parts.access.fail(new Error('database down'));
  expect(await (await server.bare(ada, document)).closed).toBe(CLOSE.unavailable);
  parts.access.heal();
  parts.sessions.fail(new Error('sessions down'));
  expect(await (await server.bare(ada, document)).closed).toBe(CLOSE.unavailable);
  parts.sessions.heal();
  parts.log.fail(new Error('log down'));
  expect(await (await server.bare(ada, document)).closed).toBe(CLOSE.unavailable);
});

it('R13: a viewer’s updates change nothing and reach no log, and a viewer has presence', async () => {
  const { parts, server, ada, ben } = await begin();
  const document = parts.document([ada, 'owner'], [ben, 'viewer']);
  const a = server.stock(ada, document);
  a.text.insert(0, 'mine');
  const viewer = await server.bare(ben, document);
  const forger = createTypist(7);
  viewer.send(updateFrameOf(forger.type('forged')));
  viewer.send(forger.step2(Uint8Array.of(0)));
  viewer.send(awarenessFrame({ clientId: 7, clock: 0, state: {} }));
  await vi.waitFor(() => expect(a.others().get('Ben')).toMatchObject({ user: { role: 'viewer' } }), SOON);
  const late = server.stock(ada, document);
  await vi.waitFor(() => expect(late.provider.synced).toBe(true), SOON);
  expect(late.text.toString()).toBe('mine');
  const { entries } = await parts.log.read(document, START);
  expect(textOf(entries.flatMap(({ updates }) => updates))).toBe('mine');
});

it('R14: a demotion is told to clients that know our messages, and closes others with a transient code', async () => {
  const { parts, server, ada, ben } = await begin();
  const document = parts.document([ada, 'owner'], [ben, 'editor']);
  const ours = await server.bare(ben, document, { params: { codesync: '1' } });
  const stock = await server.bare(ben, document);
  await vi.waitFor(() => expect([ours.frames.length, stock.frames.length]).not.toContain(0), SOON);
  expect(ours.heard().slice(0, 3)).toMatchObject([
    { kind: 'role', text: 'editor' },
    { kind: 'generation', text: 'generation-1' },
    { kind: 'step-1' },
  ]);
  parts.access.grant(document, ben.user, 'viewer');
  await parts.notices.publish({ kind: 'access-changed', document, user: ben.user.id });
  expect(await stock.closed).toBe(CLOSE.tryAgain);
  await vi.waitFor(() => expect(ours.heard()).toContainEqual({ kind: 'role', text: 'viewer' }), SOON);

  const typist = createTypist(9);
  ours.send(updateFrameOf(typist.type('as a viewer')));
  ours.send(Uint8Array.of(MESSAGE.ping));
  await vi.waitFor(() => expect(ours.heard()).toContainEqual({ kind: 'ping' }), SOON);
  expect((await parts.log.read(document, START)).entries).toEqual([]);

  // Made an editor again, they are asked for what was refused; only when that is logged is anything acked.
  parts.access.grant(document, ben.user, 'editor');
  await parts.notices.publish({ kind: 'access-changed', document, user: ben.user.id });
  await vi.waitFor(() => expect(ours.heard().filter(({ kind }) => kind === 'step-1')).toHaveLength(2), SOON);
  ours.send(typist.step2(Uint8Array.of(0)));
  ours.send(typist.step2(Uint8Array.of(0)));
  await vi.waitFor(() => expect(ours.heard()).toContainEqual({ kind: 'logged', count: 3 }), SOON);
  const a = server.stock(ada, document);
  await vi.waitFor(() => expect(a.text.toString()).toBe('as a viewer'), SOON);
});

it('R14: losing access, signing out and deleting the document close open sockets', async () => {
  const { parts, server, ada, ben } = await begin();
  const document = parts.document([ada, 'owner'], [ben, 'editor']);
  const open = async (person: Person) => {
    const client = await server.bare(person, document);
    await vi.waitFor(() => expect(client.frames.length).toBeGreaterThan(0), SOON);
    return client;
  };
  const removed = await open(ben);
  parts.access.revoke(document, ben.user.id);
  await parts.notices.publish({ kind: 'access-changed', document, user: ben.user.id });
  expect(await removed.closed).toBe(CLOSE.noAccess);

  const bySession = await open(ada);
  const byTicket = await open(ticket(parts, ada, document));
  await parts.sessions.end(ada.claims.sid);
  await parts.notices.publish({ kind: 'session-ended', session: ada.claims.sid });
  expect(await bySession.closed).toBe(CLOSE.notSignedIn);
  expect(await (await server.bare(ticket(parts, ada, document), document)).closed).toBe(CLOSE.notSignedIn);
  expect(byTicket.socket.readyState).toBe(byTicket.socket.OPEN);

  parts.access.trash(document);
  await parts.notices.publish({ kind: 'document-gone', document });
  expect(await byTicket.closed).toBe(CLOSE.notFound);
});
