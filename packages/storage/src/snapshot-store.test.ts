import { newDocumentId, newSnapshotId, type DocumentId } from '@codesync/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseCursor } from './cursor.ts';
import { encodeState, type DocumentState } from './document-state.ts';
import {
  createFakeClock,
  createMemoryObjectStore,
  createMemorySnapshotCommits,
  type FakeClock,
  type MemoryObjectStore,
  type MemorySnapshotCommits,
} from './memory/index.ts';
import { createSnapshotStore, SnapshotDamaged, type SnapshotStore } from './snapshot-store.ts';

const CURSOR = parseCursor('5-0');

describe('the snapshot store', () => {
  let clock: FakeClock;
  let objects: MemoryObjectStore;
  let commits: MemorySnapshotCommits;
  let snapshots: SnapshotStore;
  let document: DocumentId;

  beforeEach(() => {
    clock = createFakeClock();
    objects = createMemoryObjectStore();
    commits = createMemorySnapshotCommits();
    snapshots = createSnapshotStore({ objects, commits, clock });
    document = newDocumentId();
  });

  it('a document that was never saved has no head and loads as undefined', async () => {
    expect(await snapshots.head(document)).toBeUndefined();
    expect(await snapshots.load(document)).toBeUndefined();
  });

  it('what was saved is loaded, with its row', async () => {
    await clock.advance(1_234);
    const saved = await snapshots.save(document, undefined, CURSOR, stateOf('hello'));
    expect(saved).toMatchObject({ cursor: CURSOR, bytes: 'hello'.length, createdAt: clock.now() });
    expect(await snapshots.head(document)).toEqual(saved);
    const loaded = await snapshots.load(document);
    expect(loaded).toMatchObject({ ...saved });
    expect(textOf(loaded?.state)).toBe('hello');
  });

  it('R3: a saved object stays when a later one is saved, and under another key', async () => {
    const first = await snapshots.save(document, undefined, CURSOR, stateOf('one'));
    const [firstKey] = await keys(objects);
    await snapshots.save(document, first?.id, parseCursor('6-0'), stateOf('two'));
    const after = await keys(objects);
    expect(after).toHaveLength(2);
    expect(after).toContain(firstKey);
    expect(textOf((await snapshots.load(document))?.state)).toBe('two');
  });

  it('R3: a missing object is an error, never an empty document', async () => {
    await snapshots.save(document, undefined, CURSOR, stateOf('text'));
    for (const key of await keys(objects)) await objects.remove(key);
    const loading = snapshots.load(document);
    await expect(loading).rejects.toBeInstanceOf(SnapshotDamaged);
    await expect(loading).rejects.toThrow(document);
    expect(await snapshots.head(document)).toBeDefined();
  });

  it('R3: an object with any bit flipped, or cut short, is an error and never another text', async () => {
    const text = 'const answer = 42;\n'.repeat(20);
    await snapshots.save(document, undefined, CURSOR, stateOf(text));
    const [key] = await keys(objects);
    if (key === undefined) throw new Error('an object was saved');
    const whole = (await objects.get(key)) ?? new Uint8Array();
    const damaged = [
      ...Array.from({ length: whole.length * 8 }, (_, bit) =>
        whole.with(bit >> 3, (whole[bit >> 3] ?? 0) ^ (1 << (bit & 7))),
      ),
      ...Array.from({ length: whole.length }, (_, length) => whole.slice(0, length)),
    ];
    for (const bytes of damaged) {
      await objects.remove(key);
      await objects.put(key, bytes);
      const outcome = await snapshots.load(document).catch((error: unknown) => error);
      // A bit that carries nothing may flip; then the text is the same.
      if (outcome instanceof SnapshotDamaged) continue;
      const { stateVector, deleteSet, update } = stateOf(text);
      expect(outcome).toMatchObject({ state: { stateVector, deleteSet, update } });
    }
  });

  it('a store that is down rejects with its reason: that is not a damaged snapshot', async () => {
    await snapshots.save(document, undefined, CURSOR, stateOf('text'));
    objects.fail(new Error('the store is down'));
    await expect(snapshots.load(document)).rejects.toThrow('the store is down');
    await expect(snapshots.check()).rejects.toThrow('the store is down');
    objects.heal();
    expect(textOf((await snapshots.load(document))?.state)).toBe('text');
  });

  it('R4: the loser’s commit is refused, changes nothing and leaves no object behind', async () => {
    const winner = await snapshots.save(document, undefined, parseCursor('7-0'), stateOf('winner'));
    const before = await keys(objects);
    for (const stale of [undefined, newSnapshotId()]) {
      expect(await snapshots.save(document, stale, parseCursor('6-0'), stateOf('loser'))).toBeUndefined();
    }
    expect(await keys(objects)).toEqual(before);
    expect(await snapshots.head(document)).toEqual(winner);
    expect(textOf((await snapshots.load(document))?.state)).toBe('winner');
  });

  it('R4: of two saves at once one wins, and the other wins when it merges again on top', async () => {
    const [a, b] = await Promise.all([
      snapshots.save(document, undefined, CURSOR, stateOf('a')),
      snapshots.save(document, undefined, CURSOR, stateOf('b')),
    ]);
    expect([a, b].filter((row) => row !== undefined)).toHaveLength(1);
    expect(await keys(objects)).toHaveLength(1);
    const head = await snapshots.head(document);
    expect(await snapshots.save(document, head?.id, CURSOR, stateOf('ab'))).toBeDefined();
    expect(textOf((await snapshots.load(document))?.state)).toBe('ab');
  });

  it('R3: when it is not known whether the commit went through, the object stays', async () => {
    commits.fail(new Error('the connection was lost'));
    await expect(snapshots.save(document, undefined, CURSOR, stateOf('text'))).rejects.toThrow(
      'the connection was lost',
    );
    expect(await keys(objects)).toHaveLength(1);
  });

  it('R3: nothing is committed whose object could not be written', async () => {
    objects.fail(new Error('the disk is full'));
    await expect(snapshots.save(document, undefined, CURSOR, stateOf('text'))).rejects.toThrow('the disk is full');
    expect(await snapshots.head(document)).toBeUndefined();
  });

  it('a removed document leaves neither rows nor objects, and its neighbours keep theirs', async () => {
    const neighbour = newDocumentId();
    await snapshots.save(neighbour, undefined, CURSOR, stateOf('next door'));
    const first = await snapshots.save(document, undefined, CURSOR, stateOf('one'));
    await snapshots.save(document, first?.id, parseCursor('6-0'), stateOf('two'));
    await snapshots.remove(document);
    expect(await snapshots.load(document)).toBeUndefined();
    expect(await keys(objects)).toHaveLength(1);
    expect(textOf((await snapshots.load(neighbour))?.state)).toBe('next door');
  });

  it('a document of 5 MB is saved and loaded whole', async () => {
    const text = Array.from(
      { length: 100_000 },
      (_, line) => `line ${line} ${(line * 7919) % 104_729} of a long file\n`,
    ).join('');
    await snapshots.save(document, undefined, CURSOR, stateOf(text));
    expect(textOf((await snapshots.load(document))?.state) === text).toBe(true);
  });
});

function stateOf(text: string): DocumentState {
  const update = new TextEncoder().encode(text);
  return encodeState({ stateVector: Uint8Array.of(1, 2), deleteSet: Uint8Array.of(3), update });
}

function textOf(state: DocumentState | undefined): string | undefined {
  return state && new TextDecoder().decode(state.update);
}

async function keys(objects: MemoryObjectStore): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of objects.list('')) found.push(key);
  return found;
}
