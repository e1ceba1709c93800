// Readers that do not keep up, and documents that are large (R16, R18).
import { CLOSE, MAX_OUTGOING_FRAME_BYTES } from '@codesync/contract';
import { expect, it, vi } from 'vitest';
import { createTypist, textOf, updateFrameOf } from '../src/testing/typist.ts';
import { createParts, startTestServer, type BareClient } from './test-server.ts';

const SOON = { timeout: 15_000, interval: 20 };

const updatesOf = (client: BareClient) =>
  client.heard().flatMap((heard) => (heard.kind === 'update' || heard.kind === 'step-2' ? [heard.bytes] : []));

const longest = (client: BareClient) => Math.max(...client.frames.map((frame) => frame.byteLength));

async function begin() {
  const parts = createParts();
  const server = await startTestServer(parts);
  const ada = await parts.person('Ada');
  const document = parts.document([ada, 'owner']);
  return { server, ada, document };
}

it('R16: a reader that stops reading while megabytes are written has all of it when it reads on', async () => {
  const { server, ada, document } = await begin();
  const reader = await server.bare(ada, document);
  await vi.waitFor(() => expect(reader.frames.length).toBeGreaterThan(0), SOON);
  reader.socket.pause();
  const author = await server.bare(ada, document, { params: { codesync: '1' } });
  const typist = createTypist(3);
  for (let i = 0; i < 36; i++) author.send(updateFrameOf(typist.type(`${i} `.repeat(60_000))));
  await vi.waitFor(() => expect(author.heard()).toContainEqual({ kind: 'logged', count: 36 }), SOON);
  reader.socket.resume();
  await vi.waitFor(() => expect(textOf(updatesOf(reader)) === typist.text.toString()).toBe(true), SOON);
  expect(longest(reader)).toBeLessThanOrEqual(MAX_OUTGOING_FRAME_BYTES);
}, 30_000);

it('R18: one insertion of three megabytes reaches others, and joins, in frames of a megabyte, all of it before the step 2', async () => {
  const { server, ada, document } = await begin();
  const reader = await server.bare(ada, document);
  await vi.waitFor(() => expect(reader.frames.length).toBeGreaterThan(0), SOON);
  const author = await server.bare(ada, document);
  const typist = createTypist(3);
  author.send(updateFrameOf(typist.type('🦄 und Ä '.repeat(240_000))));
  await vi.waitFor(() => expect(textOf(updatesOf(reader)) === typist.text.toString()).toBe(true), SOON);
  expect(longest(reader)).toBeLessThanOrEqual(MAX_OUTGOING_FRAME_BYTES);

  const joiner = await server.bare(ada, document);
  joiner.send(createTypist().step1());
  await vi.waitFor(() => expect(joiner.heard().some(({ kind }) => kind === 'step-2')).toBe(true), SOON);
  expect(joiner.heard().at(-1)?.kind).toBe('step-2');
  expect(textOf(updatesOf(joiner)) === typist.text.toString()).toBe(true);
  expect(longest(joiner)).toBeLessThanOrEqual(MAX_OUTGOING_FRAME_BYTES);
}, 30_000);

it('R17: a writer who would make the document larger than its limit is closed with 4413, and what was there stays', async () => {
  const parts = createParts();
  const server = await startTestServer(parts, { limits: { maxDocumentBytes: 10_000 } });
  const ada = await parts.person('Ada');
  const document = parts.document([ada, 'owner']);
  const author = await server.bare(ada, document);
  const typist = createTypist(3);
  author.send(updateFrameOf(typist.type('a'.repeat(8_000))));
  const reader = server.stock(ada, document);
  await vi.waitFor(() => expect(reader.text.length).toBe(8_000), SOON);
  author.send(updateFrameOf(typist.type('b'.repeat(8_000))));
  expect(await author.closed).toBe(CLOSE.tooLarge);
  const late = server.stock(ada, document);
  await vi.waitFor(() => expect(late.text.toString()).toBe('a'.repeat(8_000)), SOON);
  late.text.delete(0, 4_000);
  await vi.waitFor(() => expect(reader.text.length).toBe(4_000), SOON);
});
