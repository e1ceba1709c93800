// What clients send that they should not.
import { CLOSE, MAX_MESSAGE_BYTES, MESSAGE } from '@codesync/contract';
import { expect, it, vi } from 'vitest';
import { awarenessFrame, createTypist, updateFrameOf } from '../src/testing/typist.ts';
import { createParts, startTestServer } from './test-server.ts';

const SOON = { timeout: 5_000, interval: 10 };

async function begin() {
  const parts = createParts();
  const server = await startTestServer(parts);
  const ada = await parts.person('Ada');
  const ben = await parts.person('Ben');
  const document = parts.document([ada, 'owner'], [ben, 'editor']);
  return { parts, server, ada, ben, document };
}

it('a malformed frame closes only its own socket, with 4400', async () => {
  const { server, ada, ben, document } = await begin();
  const a = server.stock(ada, document);
  await vi.waitFor(() => expect(a.provider.synced).toBe(true), SOON);
  const malformed = [
    Uint8Array.of(),
    Uint8Array.of(0, 9),
    updateFrameOf(Uint8Array.of(9, 9, 9)),
    'text',
    Uint8Array.of(1),
  ];
  for (const frame of malformed) {
    const client = await server.bare(ben, document);
    client.send(frame);
    expect(await client.closed).toBe(CLOSE.malformed);
  }
  expect(a.provider.wsconnected).toBe(true);
  a.text.insert(0, 'still here');
  const b = server.stock(ben, document);
  await vi.waitFor(() => expect(b.text.toString()).toBe('still here'), SOON);
});

it('unknown message numbers are ignored, and a ping is answered only to those that asked for our messages', async () => {
  const { server, ada, document } = await begin();
  const ours = await server.bare(ada, document, { params: { codesync: '1' } });
  const stock = await server.bare(ada, document);
  for (const client of [ours, stock]) {
    client.send(Uint8Array.of(99, 1, 2));
    client.send(Uint8Array.of(MESSAGE.ping));
    client.send(createTypist().step1());
  }
  for (const client of [ours, stock]) {
    await vi.waitFor(() => expect(client.heard()).toContainEqual({ kind: 'step-2', bytes: Uint8Array.of(0, 0) }), SOON);
  }
  expect(ours.heard()).toContainEqual({ kind: 'ping' });
  expect(stock.heard().map(({ kind }) => kind)).toEqual(['step-1', 'step-2']);
});

it('R17: a message over the limit closes its socket with 4413, without being read to its end', async () => {
  const { server, ada, document } = await begin();
  const client = await server.bare(ada, document);
  client.send(new Uint8Array(MAX_MESSAGE_BYTES + 1));
  expect(await client.closed).toBe(CLOSE.tooLarge);
});

it('R10, R12: nobody speaks for another', async () => {
  const { server, ada, ben, document } = await begin();
  const a = server.stock(ada, document);
  a.provider.awareness.setLocalState({ cursor: 'Ada’s' });
  const watcher = server.stock(ada, document);
  await vi.waitFor(() => expect(watcher.provider.awareness.getStates().get(a.doc.clientID)).toBeDefined(), SOON);

  const forger = await server.bare(ben, document);
  forger.send(awarenessFrame({ clientId: a.doc.clientID, clock: 1_000, state: { cursor: 'forged' } }));
  forger.send(awarenessFrame({ clientId: a.doc.clientID, clock: 1_001, state: null }));
  forger.send(
    awarenessFrame({ clientId: 4, clock: 1, state: { user: { id: ada.user.id, name: 'Ada', role: 'owner' } } }),
  );
  await vi.waitFor(() => {
    expect(watcher.provider.awareness.getStates().get(4)).toMatchObject({
      user: { id: ben.user.id, name: 'Ben', role: 'editor' },
    });
  }, SOON);
  expect(watcher.provider.awareness.getStates().get(a.doc.clientID)).toMatchObject({ cursor: 'Ada’s' });
});

it('R16: a presence state of more than 16 kB is too large', async () => {
  const { server, ada, document } = await begin();
  const client = await server.bare(ada, document);
  client.send(awarenessFrame({ clientId: 4, clock: 1, state: { selection: 'x'.repeat(20_000) } }));
  expect(await client.closed).toBe(CLOSE.tooLarge);
});
