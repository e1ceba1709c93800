// Snapshots of documents: immutable compressed objects (object store) and the row that makes one of them current (commits).
import { newSnapshotId, type DocumentId, type SnapshotId } from '@codesync/contract';
import type { Clock } from './clock.ts';
import type { Cursor } from './cursor.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import { thinOut } from './retention.ts';
import type { SnapshotCommits, SnapshotReach, SnapshotRow } from './snapshot-commits.ts';
import type { DocumentState } from './document-state.ts';
import { sealState, unsealState } from './sealed-state.ts';

/**
 * Objects that no row names are left by a commit that failed and by a crash while thinning. This long, in milliseconds, one may
 * still be on its way to its row.
 */
const ORPHAN_AGE = 24 * 3_600_000;

/** A commit that is later than this after its object was begun is not made: the object may be taken for an orphan. */
const LONGEST_SAVE = ORPHAN_AGE / 2;

/** A document that is edited all day is thinned about once an hour: each time all its rows and objects are listed. */
const REST = 3_600_000;

/** Rows that are looked at in one go: many times what retention leaves of a document, and a few megabytes. */
const MOST_ROWS = 10_000;

/** Rows that one statement deletes. */
const PRUNED_AT_ONCE = 500;

/** Objects: as many go as were written, and one after the other they would not keep up with a busy day. */
const REMOVED_AT_ONCE = 20;

export interface Snapshot extends SnapshotRow {
  readonly state: DocumentState;
}

/** A row names an object that is not there or not readable: an error, never an empty document (R3). */
export class SnapshotDamaged extends Error {
  constructor(document: DocumentId, snapshot: SnapshotId, cause?: unknown) {
    super(`snapshot ${snapshot} of document ${document} is missing or damaged`, { cause });
    this.name = 'SnapshotDamaged';
  }
}

export interface SnapshotStore {
  head(document: DocumentId): Promise<SnapshotRow | undefined>;
  /** Of the current snapshot; undefined when none was ever committed. */
  reach(document: DocumentId): Promise<SnapshotReach | undefined>;
  /** The current snapshot; undefined when none was ever committed. Rejects with SnapshotDamaged (R3). */
  load(document: DocumentId): Promise<Snapshot | undefined>;
  /**
   * Writes the object, then commits it on top of `previous`. undefined: someone else committed first; merge again (R4). The state is
   * handed over: nothing of it is to be used any more.
   */
  save(
    document: DocumentId,
    previous: SnapshotId | undefined,
    cursor: Cursor,
    state: DocumentState,
  ): Promise<SnapshotRow | undefined>;
  /** Documents that may have something to thin by this time. */
  thinnable(now: number): AsyncIterable<DocumentId>;
  /** Removes what retention does not keep, rows first, then their objects; and objects that no row names. */
  thin(document: DocumentId, now: number): Promise<void>;
  /** Rows and objects of a document that is deleted for good. */
  remove(document: DocumentId): Promise<void>;
  check(): Promise<void>;
}

export function createSnapshotStore(deps: {
  objects: ObjectStore;
  commits: SnapshotCommits;
  clock: Clock;
}): SnapshotStore {
  const { objects, commits, clock } = deps;
  const folder = (document: DocumentId) => `documents/${document}/`;
  const key = (document: DocumentId, snapshot: SnapshotId) => `${folder(document)}${snapshot}.zst`;

  async function unseal(document: DocumentId, row: SnapshotRow, object: Uint8Array): Promise<DocumentState> {
    try {
      return await unsealState(object, row.bytes);
    } catch (cause) {
      throw new SnapshotDamaged(document, row.id, cause);
    }
  }

  async function removeAll(keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += REMOVED_AT_ONCE) {
      await Promise.all(keys.slice(from, from + REMOVED_AT_ONCE).map((name) => objects.remove(name)));
    }
  }

  /** Removes the old ones, and answers when the next of the others is old; Infinity when there are none. */
  async function removeOrphans(orphans: readonly StoredObject[], now: number): Promise<number> {
    const isOld = ({ writtenAt }: StoredObject) => writtenAt + ORPHAN_AGE <= now;
    await removeAll(orphans.filter(isOld).map((orphan) => orphan.key));
    const young = orphans.filter((orphan) => !isOld(orphan));
    return young.reduce((next, { writtenAt }) => Math.min(next, writtenAt + ORPHAN_AGE), Infinity);
  }

  return {
    head: (document) => commits.head(document),

    async reach(document) {
      const [newest, before] = await commits.list(document, 2);
      return newest === undefined ? undefined : { cursor: newest.cursor, previous: before?.cursor };
    },

    async load(document) {
      let row = await commits.head(document);
      while (row !== undefined) {
        const object = await objects.get(key(document, row.id));
        if (object !== undefined) return { ...row, state: await unseal(document, row, object) };
        // Or this reader is so slow that retention has taken what was the head when it looked.
        const head = await commits.head(document);
        if (head === undefined || head.id === row.id) throw new SnapshotDamaged(document, row.id);
        row = head;
      }
      return undefined;
    },

    async save(document, previous, cursor, state) {
      const begun = clock.now();
      const id = newSnapshotId();
      const bytes = state.update.byteLength;
      await objects.put(key(document, id), await sealState(state));
      const row: SnapshotRow = { id, cursor, bytes, createdAt: clock.now() };
      if (row.createdAt - begun > LONGEST_SAVE) throw new Error(`saving document ${document} took too long`);
      if (await commits.commit(document, previous, row)) return row;
      // Refused, so no row will ever name this object. When the commit throws it may have gone through: then it stays.
      await objects.remove(key(document, id));
      return undefined;
    },

    thinnable: (now) => commits.thinnable(now),

    async thin(document, now) {
      // The objects first, the rows second: what was committed between the two is no orphan.
      const stored = await listAll(objects, folder(document));
      // It rejects when the head has no row: then nothing here says which objects are orphans (R3).
      const head = await commits.head(document);
      // In one statement: of pages, one that begins at a row that is pruned by then would be empty.
      const rows = head === undefined ? [] : await commits.list(document, MOST_ROWS);
      if (rows.length === 0) return commits.thinAgain(document, undefined, undefined);
      const { removable, next = Infinity } = thinOut(rows, now);
      for (let from = 0; from < removable.length; from += PRUNED_AT_ONCE) {
        const pruned = await commits.prune(document, removable.slice(from, from + PRUNED_AT_ONCE));
        await removeAll(pruned.map((id) => key(document, id)));
      }
      const named = new Set(rows.map(({ id }) => key(document, id)));
      const orphans = stored.filter((object) => !named.has(object.key));
      // Rows that were not looked at may name them.
      const orphanedAt = rows.length < MOST_ROWS ? await removeOrphans(orphans, now) : now;
      const again = Math.min(next, orphanedAt);
      await commits.thinAgain(document, rows[0]?.id, again === Infinity ? undefined : Math.max(again, now + REST));
    },

    async remove(document) {
      await commits.remove(document);
      for await (const { key: name } of objects.list(folder(document))) await objects.remove(name);
    },

    check: () => objects.check(),
  };
}

async function listAll(objects: ObjectStore, prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const object of objects.list(prefix)) found.push(object);
  return found;
}
