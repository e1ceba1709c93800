// Retention as the snapshot store does it: rows first, then their objects, and what a crash in between leaves.
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
import type { ObjectStore } from './object-store.ts';
import type { SnapshotCommits } from './snapshot-commits.ts';
import { createSnapshotStore, type SnapshotStore } from './snapshot-store.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('thinning the snapshots of a document', () => {
  let clock: FakeClock;
  let objects: MemoryObjectStore;
  let commits: MemorySnapshotCommits;
  let snapshots: SnapshotStore;
  let document: DocumentId;

  beforeEach(() => {
    clock = createFakeClock();
    objects = createMemoryObjectStore({ clock });
    commits = createMemorySnapshotCommits();
    snapshots = createSnapshotStore({ objects, commits, clock });
    document = newDocumentId();
  });

  /** Someone types: so many snapshots, `gap` apart. */
  async function write(count: number, gap: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      await clock.advance(gap);
      const head = await commits.head(document);
      await snapshots.save(document, head?.id, parseCursor(`${clock.now()}-0`), stateOf(`at ${clock.now()}`));
    }
  }
  async function keys(): Promise<string[]> {
    const found: string[] = [];
    for await (const { key } of objects.list('')) found.push(key);
    return found;
  }
  async function namedKeys(): Promise<string[]> {
    const rows = await commits.list(document, 1_000);
    return rows.map(({ id }) => `documents/${document}/${id}.zst`).toSorted();
  }
  async function thinnable(): Promise<DocumentId[]> {
    const found: DocumentId[] = [];
    for await (const name of snapshots.thinnable(clock.now())) found.push(name);
    return found;
  }
  /** As the retention job does, but of this instance's documents. */
  async function thin(store = snapshots): Promise<void> {
    for (const name of await thinnable()) await store.thin(name, clock.now());
  }
  /** The same rows and objects with something in the way. */
  function over(parts: { readonly objects?: Partial<ObjectStore>; readonly commits?: Partial<SnapshotCommits> }) {
    return createSnapshotStore({
      objects: { ...objects, ...parts.objects },
      commits: { ...commits, ...parts.commits },
      clock,
    });
  }

  it('rows and objects that retention does not keep go, and the text stays', async () => {
    await write(40, 10_000);
    await clock.advance(2 * HOUR);
    await thin();
    const rows = await commits.list(document, 100);
    expect(rows.length).toBeLessThan(9);
    expect(await keys()).toEqual(await namedKeys());
    expect(textOf((await snapshots.load(document))?.state)).toBe(`at ${rows[0]?.createdAt}`);
  });

  it('a document is visited when something may go, about once an hour at most, and in the end not at all', async () => {
    await write(200, 20_000);
    let visits = 0;
    const counted = over({});
    for (let passed = 0; passed < 60 * DAY; passed += HOUR) {
      await clock.advance(HOUR);
      for (const name of await thinnable()) {
        visits += 1;
        await counted.thin(name, clock.now());
      }
    }
    // An hour, a day and 30 days after.
    expect(visits).toBeGreaterThanOrEqual(3);
    expect(visits).toBeLessThan(9);
    expect(await commits.list(document, 100)).toHaveLength(1);
    expect(await thinnable()).toEqual([]);
  });

  it('R3: a document that is edited without a pause is thinned too, and a commit meanwhile is not forgotten', async () => {
    await write(700, 10_000);
    let committed = false;
    const busy = over({
      commits: {
        async list(...args) {
          const rows = await commits.list(...args);
          if (!committed) await write(1, 0);
          committed = true;
          return rows;
        },
      },
    });
    await thin(busy);
    expect((await commits.list(document, 1_000)).length).toBeLessThan(450);
    expect(await thinnable()).toEqual([document]);
    await thin(busy);
    expect(await thinnable()).toEqual([]);
    expect(await keys()).toEqual(await namedKeys());
  });

  it('R3: no row is ever without its object, wherever thinning is cut off; and what it leaves is collected a day later', async () => {
    await write(40, 10_000);
    await clock.advance(2 * HOUR);
    for (let allowed = 0; allowed < 3; allowed++) {
      let removed = 0;
      const dying = over({
        objects: {
          async remove(key) {
            if (removed++ >= allowed) throw new Error('killed');
            await objects.remove(key);
          },
        },
      });
      await thin(dying).catch(() => {});
      expect(await keys()).toEqual(expect.arrayContaining(await namedKeys()));
      expect(await snapshots.load(document)).toBeDefined();
    }
    await thin();
    expect((await keys()).length).toBeGreaterThan((await namedKeys()).length);
    await clock.advance(DAY);
    await thin();
    expect(await keys()).toEqual(await namedKeys());
  });

  it('an object whose commit failed is collected a day later, and not while its commit may still come', async () => {
    await write(1, 0);
    commits.fail(new Error('the database is away'));
    await expect(snapshots.save(document, undefined, parseCursor('9-0'), stateOf('lost'))).rejects.toThrow('away');
    commits.heal();
    for (let hour = 0; hour < 23; hour++) {
      await clock.advance(HOUR);
      await thin();
    }
    expect(await keys()).toHaveLength(2);
    await clock.advance(2 * HOUR);
    await thin();
    expect(await keys()).toEqual(await namedKeys());
  });

  it('R3: an object that gets its row while a document is thinned stays, however old it is', async () => {
    await write(1, 0);
    const [row] = await commits.list(document, 1);
    const late = createMemorySnapshotCommits();
    await clock.advance(3 * DAY);
    const racing = over({
      objects: {
        async *list(prefix) {
          yield* objects.list(prefix);
          if (row !== undefined) await late.commit(document, undefined, row);
        },
      },
      commits: late,
    });
    await racing.thin(document, clock.now());
    expect(await racing.load(document)).toBeDefined();
  });

  it('R3: a save that hung for half a day commits no object that may be taken for an orphan', async () => {
    const hung = over({
      objects: {
        async put(...args) {
          await objects.put(...args);
          await clock.advance(13 * HOUR);
        },
      },
    });
    await expect(hung.save(document, undefined, parseCursor('1-0'), stateOf('late'))).rejects.toThrow('too long');
    expect(await commits.head(document)).toBeUndefined();
  });

  it('R3: where the head has no row nothing is removed', async () => {
    await write(20, 10_000);
    await clock.advance(3 * DAY);
    const before = await keys();
    const broken = over({
      commits: {
        head: async () => Promise.reject(new Error('the head has no row')),
        list: async () => (await commits.list(document, 100)).slice(1),
      },
    });
    await expect(broken.thin(document, clock.now())).rejects.toThrow('has no row');
    expect(await keys()).toEqual(before);
  });

  it('R3: where there are more rows than are looked at, no object is taken for an orphan', async () => {
    const rows = Array.from({ length: 10_001 }, (_, day) => ({
      id: newSnapshotId(),
      cursor: parseCursor(`${day + 1}-0`),
      bytes: 1,
      createdAt: clock.now() - (10_001 - day) * DAY,
    }));
    for (const [index, row] of rows.entries()) await commits.commit(document, rows[index - 1]?.id, row);
    const oldest = `documents/${document}/${rows[0]?.id}.zst`;
    await objects.put(oldest, Uint8Array.of(1));
    await clock.advance(2 * DAY);
    await thin();
    expect(await keys()).toEqual([oldest]);
    expect(await thinnable()).toEqual([]);
    await clock.advance(HOUR);
    expect(await thinnable()).toEqual([document]);
  });

  it('a reader that read the head ages ago gets the text of today, not an error', async () => {
    await write(1, 0);
    let paused: Promise<void> | undefined = overtake();
    const slow = over({
      commits: {
        async head(name) {
          const row = await commits.head(name);
          await paused;
          paused = undefined;
          return row;
        },
      },
    });
    async function overtake(): Promise<void> {
      await clock.advance(1_000);
      await write(20, 10_000);
      await clock.advance(40 * DAY);
      await thin();
    }
    const [first] = await commits.list(document, 1);
    const loaded = await slow.load(document);
    const [head] = await commits.list(document, 1);
    expect(loaded?.id).toBe(head?.id);
    expect(loaded?.id).not.toBe(first?.id);
    expect(textOf(loaded?.state)).toBe(`at ${head?.createdAt}`);
  });

  it('a document that is deleted for good while it is thinned leaves nothing to do', async () => {
    await write(20, 10_000);
    await clock.advance(2 * HOUR);
    const deleting = over({
      objects: {
        async *list(prefix) {
          yield* objects.list(prefix);
          await snapshots.remove(document);
        },
      },
    });
    await deleting.thin(document, clock.now());
    expect(await keys()).toEqual([]);
    expect(await thinnable()).toEqual([]);
  });
});

function stateOf(text: string): DocumentState {
  const update = new TextEncoder().encode(text);
  return encodeState({ stateVector: Uint8Array.of(1, 2), deleteSet: Uint8Array.of(3), update });
}

function textOf(state: DocumentState | undefined): string | undefined {
  return state && new TextDecoder().decode(state.update);
}
