import { Failure, newDocumentId, type DocumentId } from '@codesync/contract';
import { createSnapshotStore, LogGap, silentLogger } from '@codesync/storage';
import {
  createFakeClock,
  createMemoryObjectStore,
  createMemorySnapshotCommits,
  createMemoryUpdateLog,
} from '@codesync/storage/memory';
import { describe, expect, it, vi } from 'vitest';
import { createDocuments } from './documents.ts';
import type { HotDocument } from './hot-document.ts';
import type { Merger } from './merger.ts';
import { createInlineMerger } from './testing/inline-merger.ts';
import { createTypist, textOf } from './testing/typist.ts';
import { mergeDocument } from './yjs/merge.ts';
import { summarize } from './yjs/update-summary.ts';

function setUp(options: { maxBytes?: number; merger?: Merger } = {}) {
  const log = createMemoryUpdateLog();
  const objects = createMemoryObjectStore();
  const snapshots = createSnapshotStore({ objects, commits: createMemorySnapshotCommits(), clock: createFakeClock() });
  const merger = options.merger ?? createInlineMerger();
  const documents = createDocuments({ log, snapshots, merger, logger: silentLogger }, options);
  return { log, snapshots, documents, load: vi.spyOn(snapshots, 'load') };
}

const all = (hot: HotDocument): string => textOf(hot.updatesFor(Uint8Array.of(0)));

describe('Documents', () => {
  it('loads the snapshot and what the log holds after it', async () => {
    const { log, snapshots, documents } = setUp();
    const document = newDocumentId();
    const typist = createTypist();
    const saved = typist.type('saved, ');
    const { cursor } = await log.append(document, [saved]);
    await snapshots.save(document, undefined, cursor, mergeDocument(undefined, [saved]).state);
    await log.trim(document, cursor);
    await log.append(document, [typist.type('and typed'), typist.type(' since')]);
    expect(all(await documents.open(document))).toBe('saved, and typed since');
  });

  it('loads once, however many ask at the same time', async () => {
    const { documents, load } = setUp();
    const document = newDocumentId();
    const opened = await Promise.all(Array.from({ length: 50 }, () => documents.open(document)));
    expect(new Set(opened).size).toBe(1);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('a document that comes out of the cache is as it was left, its place included, and is not loaded again', async () => {
    const { log, documents, load } = setUp();
    const document = newDocumentId();
    const typist = createTypist();
    const { cursor } = await log.append(document, [typist.type('before')]);
    await documents.open(document);
    documents.release(document);
    await log.append(document, [typist.type(' and after')]);
    const hot = await documents.open(document);
    expect([all(hot), hot.chain.place]).toEqual(['before', cursor]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('R3: what cannot be read whole is an error, for everyone who waits, and is tried again by the next', async () => {
    const { log, documents } = setUp();
    const document = newDocumentId();
    const { cursor } = await log.append(document, [createTypist().type('lost')]);
    await log.trim(document, cursor);
    const results = await Promise.allSettled([documents.open(document), documents.open(document)]);
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: expect.any(LogGap) });
    await log.remove(document);
    expect(all(await documents.open(document))).toBe('');
  });

  async function fill(log: ReturnType<typeof setUp>['log'], kilobytes: number): Promise<DocumentId> {
    const document = newDocumentId();
    await log.append(document, [createTypist().type('x'.repeat(kilobytes * 1024))]);
    return document;
  }

  it('R16: keeps released documents up to its bound, the least recently used go first', async () => {
    const { log, documents, load } = setUp({ maxBytes: 250 * 1024 });
    const [a, b, c] = await Promise.all([fill(log, 100), fill(log, 100), fill(log, 100)]);
    for (const document of [a, b, a, c]) {
      await documents.open(document);
      documents.release(document);
    }
    load.mockClear();
    for (const document of [a, c]) await documents.open(document);
    expect(load).not.toHaveBeenCalled();
    await documents.open(b).catch(() => undefined);
    expect(load).toHaveBeenCalledWith(b);
  });

  it('R16: refuses another document, as a transient failure, when those in use fill the bound', async () => {
    const { log, documents } = setUp({ maxBytes: 150 * 1024 });
    const [a, b, c] = await Promise.all([fill(log, 100), fill(log, 100), fill(log, 100)]);
    await documents.open(a);
    await documents.open(b);
    const refused = await documents.open(c).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Failure);
    expect(refused).toMatchObject({ code: 'too_many_requests' });
    // One that is in use already costs nothing more.
    await expect(documents.open(a)).resolves.toBeDefined();
    documents.release(b);
    await expect(documents.open(c)).resolves.toBeDefined();
  });

  /** Types into an open document as a room does. */
  async function type(
    hot: HotDocument,
    log: ReturnType<typeof setUp>['log'],
    document: DocumentId,
    updates: Uint8Array[],
  ) {
    for (const update of updates) {
      hot.chain.add((await log.append(document, [update])).cursor);
      hot.add(update, summarize(update));
    }
  }

  it('R16: a long session does not grow without bound: its tail is merged', async () => {
    const { log, documents } = setUp();
    const document = newDocumentId();
    const typist = createTypist();
    const hot = await documents.open(document);
    const updates = Array.from({ length: 5_000 }, (_, index) => typist.type(`${index % 10}`));
    await type(hot, log, document, updates);
    await documents.close();
    expect(hot.bytes).toBeLessThan(40 * 1024);
    expect(updates.reduce((sum, update) => sum + update.length, 0)).toBeGreaterThan(80 * 1024);
    expect(all(hot)).toBe(typist.text.toString());
  });

  it('R19: a document whose tail cannot be merged is served as it is, and not tried again at every edit', async () => {
    const merge = vi.fn<Merger['merge']>().mockRejectedValue(new Error('unmergeable'));
    const { log, documents } = setUp({ merger: { merge, close: async () => {} } });
    const document = newDocumentId();
    const typist = createTypist();
    const hot = await documents.open(document);
    await type(
      hot,
      log,
      document,
      Array.from({ length: 4_000 }, () => typist.type('y')),
    );
    expect(all(hot)).toBe('y'.repeat(4_000));
    expect(merge.mock.calls.length).toBeGreaterThan(0);
    expect(merge.mock.calls.length).toBeLessThan(6);
  });

  it('R7: what is kept of a document that is gone does not come back into one with its id', async () => {
    const { log, documents } = setUp();
    const document = newDocumentId();
    await log.append(document, [createTypist().type('old')]);
    expect(all(await documents.open(document))).toBe('old');
    documents.forget(document);
    documents.release(document);
    await log.remove(document);
    await log.append(document, [createTypist().type('new')]);
    expect(all(await documents.open(document))).toBe('new');
    documents.release(document);
    documents.forget(document);
    await log.remove(document);
    expect(all(await documents.open(document))).toBe('');
  });
});
