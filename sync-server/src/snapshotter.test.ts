import { newDocumentId } from '@codesync/contract';
import { createMemoryLeases } from '@codesync/storage/memory';
import { describe, expect, it, vi } from 'vitest';
import type { Merger } from './merger.ts';
import { createInlineMerger } from './testing/inline-merger.ts';
import { eventually, setUp } from './testing/snapshot-parts.ts';
import { mergeDocument } from './yjs/merge.ts';

describe('Snapshotter', () => {
  it('saves 1 s after typing pauses, and not before', async () => {
    const { clock, type, saved } = setUp();
    await type('hello');
    await clock.advance(600);
    await type(' world');
    await clock.advance(900);
    expect(await saved()).toBeUndefined();
    await clock.advance(100);
    await eventually(saved).toBe('hello world');
  });

  it('saves within 5 s of the first unsaved edit when typing does not pause', async () => {
    const { clock, type, saved } = setUp();
    for (let i = 0; i < 10; i++) {
      await type('x');
      await clock.advance(450);
    }
    await eventually(saved).toMatch(/^x{8,}$/);
  });

  it('R3: trims the log only up to what is committed, and only then', async () => {
    const { clock, commits, type, saved, logged, text } = setUp();
    await type('kept');
    commits.fail(new Error('the database is down'));
    await clock.advance(1_000);
    await clock.advance(500);
    expect(await logged()).toBe(1);
    commits.heal();
    await clock.advance(5_000);
    await eventually(saved).toBe('kept');
    await eventually(logged).toBe(0);
    expect(await text()).toBe('kept');
  });

  it('R1: tells that what was logged is durable, when it is', async () => {
    const { log, snapshotter, typist, document, heard, saved } = setUp();
    const { cursor } = await log.append(document, [typist.type('text')]);
    await snapshotter.flush(document);
    expect(heard).toEqual([{ kind: 'saved', document, cursor, previous: undefined }]);
    expect(await saved()).toBe('text');
  });

  it('notes the time of the last edit, not of the snapshot', async () => {
    const { clock, access, document, type } = setUp();
    access.grant(document, { id: 'someone' as never, name: 'Someone' }, 'editor');
    await type('a');
    await clock.advance(300);
    await type('b');
    const at = clock.now();
    await clock.advance(2_000);
    await eventually(() => access.touchedAt(document)).toBe(at);
  });

  it('R4: the loser of two snapshotters merges again on top of the winner', async () => {
    let meanwhile: (() => Promise<void>) | undefined;
    const { log, store, snapshotter, typist, document, saved, logged } = setUp({
      store: (store) => ({
        ...store,
        async save(...parameters) {
          const first = meanwhile;
          meanwhile = undefined;
          await first?.();
          return store.save(...parameters);
        },
      }),
    });
    const ours = typist.type('ours ');
    const { cursor } = await log.append(document, [ours]);
    meanwhile = async () => {
      await log.append(document, [typist.type('theirs')]);
      await store.save(document, undefined, cursor, mergeDocument(undefined, [ours]).state);
      await log.trim(document, cursor);
    };
    await snapshotter.flush(document);
    expect(await saved()).toBe('ours theirs');
    expect(await logged()).toBe(0);
  });

  it('R4: many snapshotters at once over one log lose nothing', async () => {
    const one = setUp();
    // Everyone gets every lease: only the compare-and-set is relied on.
    const others = Array.from({ length: 3 }, () => one.connect({ leases: createMemoryLeases() }));
    const flushes: Promise<void>[] = [];
    for (let round = 0; round < 10; round++) {
      await one.log.append(one.document, [one.typist.type(`${round} `)]);
      flushes.push(...[one.snapshotter, ...others].map((snapshotter) => snapshotter.flush(one.document)));
      if (round % 3 === 0) await Promise.all(flushes);
    }
    await Promise.all(flushes);
    expect(await one.saved()).toBe(one.typist.text.toString());
  });

  it('a causal gap survives a snapshot and closes after it', async () => {
    const { log, snapshotter, typist, document, saved } = setUp();
    const [first, second, third] = [typist.type('one '), typist.type('two '), typist.type('three')];
    await log.append(document, [first]);
    await log.append(document, [third]);
    await snapshotter.flush(document);
    expect(await saved()).toBe('one ');
    await log.append(document, [second]);
    await snapshotter.flush(document);
    expect(await saved()).toBe('one two three');
  });

  it('an edit that comes while a snapshot is made is saved by the next', async () => {
    const release = Promise.withResolvers<void>();
    const inline = createInlineMerger();
    const merge = vi.fn<Merger['merge']>(async (...parameters) => {
      const merged = await inline.merge(...parameters);
      if (merge.mock.calls.length === 1) await release.promise;
      return merged;
    });
    const { clock, type, saved } = setUp({ merger: { merge, close: async () => {} } });
    await type('before');
    await clock.advance(1_000);
    await eventually(() => merge.mock.calls.length).toBe(1);
    await type(' and during');
    release.resolve();
    await eventually(saved).toBe('before');
    await clock.advance(1_000);
    await eventually(saved).toBe('before and during');
  });

  it('R3: a crash between commit and trim is put right by trimming alone', async () => {
    const { log, store, snapshotter, typist, document, logged, commits } = setUp();
    const update = typist.type('x');
    const { cursor } = await log.append(document, [update]);
    await store.save(document, undefined, cursor, mergeDocument(undefined, [update]).state);
    await snapshotter.flush(document);
    expect(await logged()).toBe(0);
    expect(await commits.list(document, 10)).toHaveLength(1);
  });

  it('flush saves what was logged before it, without waiting for a pause', async () => {
    const { snapshotter, type, document, saved } = setUp();
    await type('now');
    await snapshotter.flush(document);
    expect(await saved()).toBe('now');
    await expect(snapshotter.flush(newDocumentId())).resolves.toBeUndefined();
  });

  it('R20: drain saves everything that is dirty, and ends when a part is down', async () => {
    const { snapshotter, type, saved, logged, commits } = setUp();
    const documents = Array.from({ length: 10 }, () => newDocumentId());
    for (const document of documents) await type('x', document);
    await snapshotter.drain();
    expect(await Promise.all(documents.map((document) => logged(document)))).toEqual(documents.map(() => 0));
    expect(await saved(documents[9])).toBeDefined();
    await type('y', documents[0]);
    commits.fail(new Error('the database is down'));
    await snapshotter.drain();
    expect(await logged(documents[0])).toBe(1);
  });

  it('R20: after stop nothing runs and no timer is left', async () => {
    const { clock, snapshotter, type, logged, document } = setUp();
    await type('x');
    await snapshotter.stop();
    expect(clock.pending()).toBe(0);
    await clock.advance(10_000);
    expect(await logged()).toBe(1);
    await expect(snapshotter.flush(document)).rejects.toThrow('stopped');
  });

  it('R16: has one timer however many documents are dirty, and runs no more jobs at once than it may', async () => {
    let running = 0;
    let most = 0;
    const inline = createInlineMerger();
    const merger: Merger = {
      async merge(...parameters) {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running--;
        return inline.merge(...parameters);
      },
      close: async () => {},
    };
    const { clock, type, logged } = setUp({ merger, concurrency: 3 });
    const documents = Array.from({ length: 30 }, () => newDocumentId());
    for (const document of documents) await type('x', document);
    expect(clock.pending()).toBe(1);
    await clock.advance(1_000);
    await eventually(async () =>
      (await Promise.all(documents.map((document) => logged(document)))).every((left) => left === 0),
    ).toBe(true);
    expect(most).toBe(3);
    expect(clock.pending()).toBe(0);
  });
});
