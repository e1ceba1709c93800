// The log is down for a while: nobody stops typing, nothing is said to be kept, nothing is lost (R2, R8).
import { CLOSE } from '@codesync/contract';
import { expect, it, vi } from 'vitest';
import { createTypist, updateFrameOf } from '../src/testing/typist.ts';
import { createParts, startTestServer, type BareClient } from './test-server.ts';

const SOON = { timeout: 8_000, interval: 10 };

const acksOf = (client: BareClient) =>
  client.heard().flatMap((heard) => (heard.kind === 'logged' || heard.kind === 'durable' ? [heard] : []));

async function begin() {
  const parts = createParts();
  const server = await startTestServer(parts, { limits: { waitingBytes: 4_000 } });
  const ada = await parts.person('Ada');
  const ben = await parts.person('Ben');
  const document = parts.document([ada, 'owner'], [ben, 'editor']);
  return { parts, server, ada, ben, document };
}

it('R1: a client that asked is told when its updates are logged, and when they are in a snapshot', async () => {
  const { server, ada, document } = await begin();
  const client = await server.bare(ada, document, { params: { codesync: '1' } });
  const typist = createTypist(3);
  client.send(updateFrameOf(typist.type('one ')));
  client.send(updateFrameOf(typist.type('two')));
  await vi.waitFor(() => expect(acksOf(client)).toContainEqual({ kind: 'logged', count: 2 }), SOON);
  await vi.waitFor(() => expect(acksOf(client)).toContainEqual({ kind: 'durable', count: 2 }), SOON);
  expect(
    acksOf(client)
      .map(({ kind }) => kind)
      .lastIndexOf('logged'),
  ).toBeLessThan(
    acksOf(client)
      .map(({ kind }) => kind)
      .indexOf('durable'),
  );

  // Coming back with nothing new: what the server has already is kept as much as it is.
  const back = await server.bare(ada, document, { params: { codesync: '1' } });
  back.send(typist.step2(Uint8Array.of(0)));
  await vi.waitFor(
    () =>
      expect(acksOf(back)).toEqual([
        { kind: 'logged', count: 1 },
        { kind: 'durable', count: 1 },
      ]),
    SOON,
  );
});

it('R8: while the log is down people here see each other’s edits, unacked; when it is back everything is logged', async () => {
  const { parts, server, ada, ben, document } = await begin();
  const a = server.stock(ada, document);
  const b = server.stock(ben, document);
  const acked = await server.bare(ada, document, { params: { codesync: '1' } });
  await vi.waitFor(() => expect([a.provider.synced, b.provider.synced]).toEqual([true, true]), SOON);
  parts.log.fail(new Error('log down'));
  a.text.insert(0, 'typed in the dark ');
  b.text.insert(0, 'by two ');
  const typist = createTypist(3);
  acked.send(updateFrameOf(typist.type('!')));
  await vi.waitFor(() => {
    expect(a.text.toString()).toBe(b.text.toString());
    expect(a.text.toString()).toContain('by two ');
    expect(a.text.toString()).toContain('dark ');
  }, SOON);
  expect(acksOf(acked)).toEqual([]);

  parts.log.heal();
  await vi.waitFor(() => expect(acksOf(acked)).toContainEqual({ kind: 'logged', count: 1 }), SOON);
  const other = await startTestServer(parts);
  const late = other.stock(ben, document);
  await vi.waitFor(() => expect(late.provider.synced).toBe(true), SOON);
  await vi.waitFor(() => expect(late.text.toString()).toBe(a.text.toString()), SOON);
});

it('R2, R16: what waits for the log is bounded; at the bound its author is closed with 1013 and nothing after is taken', async () => {
  const { parts, server, ada, ben, document } = await begin();
  const author = await server.bare(ada, document);
  await vi.waitFor(() => expect(author.frames.length).toBeGreaterThan(0), SOON);
  parts.log.fail(new Error('log down'));
  const typist = createTypist(3);
  const kept = ['a', 'b', 'c'].map((letter) => letter.repeat(1_000));
  for (const text of kept) author.send(updateFrameOf(typist.type(text)));
  author.send(updateFrameOf(typist.type('d'.repeat(2_000))));
  author.send(updateFrameOf(typist.type('e')));
  expect(await author.closed).toBe(CLOSE.tryAgain);

  parts.log.heal();
  const b = server.stock(ben, document);
  await vi.waitFor(() => expect(b.text.toString()).toBe(kept.join('')), SOON);
});
