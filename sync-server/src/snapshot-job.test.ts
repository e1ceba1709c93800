// One snapshot when the log has lost what it had (R7), and when there is nothing to do.
import { newDocumentId } from '@codesync/contract';
import { createSnapshotStore, silentLogger, START } from '@codesync/storage';
import {
  createFakeClock,
  createMemoryNotices,
  createMemoryObjectStore,
  createMemorySnapshotCommits,
  createMemoryUpdateLog,
} from '@codesync/storage/memory';
import { describe, expect, it, vi } from 'vitest';
import { snapshotDocument } from './snapshot-job.ts';
import { createInlineMerger } from './testing/inline-merger.ts';
import { createTypist, textOf } from './testing/typist.ts';

function setUp() {
  const log = createMemoryUpdateLog();
  const commits = createMemorySnapshotCommits();
  const objects = createMemoryObjectStore();
  const snapshots = createSnapshotStore({ objects, commits, clock: createFakeClock() });
  const notices = createMemoryNotices();
  const document = newDocumentId();
  const typist = createTypist();
  const deps = { log, snapshots, notices, merger: createInlineMerger(), logger: silentLogger };
  async function saved(): Promise<string | undefined> {
    const { state } = (await snapshots.load(document)) ?? {};
    return state && textOf([state.update]);
  }
  return {
    ...deps,
    commits,
    objects,
    document,
    typist,
    snapshot: () => snapshotDocument(document, deps),
    saved,
    logged: async () => (await log.read(document, START)).entries.length,
  };
}

describe('one snapshot', () => {
  it('R7: of a log that lost everything there is nothing to do, and the snapshot stays', async () => {
    const { log, typist, document, snapshot, commits, saved } = setUp();
    await log.append(document, [typist.type('text')]);
    await snapshot();
    log.loseAll();
    expect(await snapshot()).toBe('saved');
    expect(await saved()).toBe('text');
    expect(await commits.list(document, 10)).toHaveLength(1);
  });

  it('R7: a log that lost what the snapshot holds, and more, is merged with it and trimmed', async () => {
    const { log, typist, document, snapshot, saved, logged } = setUp();
    const updates = ['one ', 'two ', 'three '].map((text) => typist.type(text));
    for (const update of updates) await log.append(document, [update]);
    // The commit, and no trim after it.
    const trim = vi.spyOn(log, 'trim').mockRejectedValueOnce(new Error('killed'));
    await expect(snapshot()).rejects.toThrow('killed');
    trim.mockRestore();
    log.loseTail(document, 2);
    await log.append(document, [typist.type('four')]);
    expect(await snapshot()).toBe('saved');
    expect(await saved()).toBe('one two three four');
    expect(await logged()).toBe(0);
  });

  it('R7: what was added back and is in the snapshot already is committed once more, so that it can be trimmed', async () => {
    const { log, typist, document, snapshot, saved, logged, commits } = setUp();
    const update = typist.type('text');
    await log.append(document, [update]);
    await snapshot();
    log.loseAll();
    const { cursor } = await log.append(document, [update]);
    expect(await snapshot()).toBe('saved');
    expect(await logged()).toBe(0);
    expect(await saved()).toBe('text');
    expect((await commits.head(document))?.cursor).toBe(cursor);
  });

  it('R7: an entry that comes after the log lost its end is not trimmed by the snapshot from before', async () => {
    const { log, typist, document, snapshot, saved, logged, notices } = setUp();
    await log.append(document, [typist.type('one ')]);
    await log.append(document, [typist.type('two ')]);
    vi.spyOn(notices, 'publish').mockImplementationOnce(async () => {
      log.loseTail(document, 1);
      await log.append(document, [typist.type('three')]);
    });
    await snapshot();
    expect(await saved()).toBe('one two ');
    expect(await logged()).toBe(2);
    await snapshot();
    expect(await saved()).toBe('one two three');
    expect(await logged()).toBe(0);
  });

  it('a document whose log is empty costs the store nothing', async () => {
    const { log, typist, document, snapshot, snapshots } = setUp();
    await log.append(document, [typist.type('text')]);
    await snapshot();
    const load = vi.spyOn(snapshots, 'load');
    expect(await snapshot()).toBe('saved');
    expect(load).not.toHaveBeenCalled();
  });

  it('R21: a carriage return that comes while others are taken out does not stay', async () => {
    const { log, typist, document, snapshot, snapshots } = setUp();
    await log.append(document, [typist.type('one\r\n')]);
    const append = vi.spyOn(log, 'append');
    append.mockImplementationOnce(async (of, updates) => {
      const position = await log.append(of, updates);
      await log.append(of, [typist.type('two\r\n')]);
      return position;
    });
    await snapshot();
    // Nobody types any more, and all others have heard that everything is saved.
    const { entries } = await log.read(document, START);
    const { state } = (await snapshots.load(document)) ?? {};
    const updates = entries.flatMap((entry) => entry.updates);
    expect(textOf(state === undefined ? updates : [state.update, ...updates])).toBe('one\ntwo\n');
  });

  it('R8: a log that is full takes no line ends, and is snapshotted and trimmed all the same: that is what makes room', async () => {
    const { log, typist, document, snapshot, saved, logged } = setUp();
    await log.append(document, [typist.type('one\r\ntwo')]);
    vi.spyOn(log, 'append').mockRejectedValue(new Error('the log is full'));
    expect(await snapshot()).toBe('saved');
    expect(await saved()).toBe('one\r\ntwo');
    expect(await logged()).toBe(0);
  });

  it('a document that is deleted for good while it is being snapshotted leaves nothing in the log', async () => {
    const { log, typist, document, snapshot, snapshots, logged } = setUp();
    await log.append(document, [typist.type('one\r\ntwo')]);
    vi.spyOn(snapshots, 'save').mockImplementation(async () => {
      await log.remove(document);
      return undefined;
    });
    expect(await snapshot()).toBe('gone');
    expect(await logged()).toBe(0);
  });
});
