// Snapshots of documents: immutable compressed objects (object store) and the row that makes one of them current (commits).
import { newSnapshotId, type DocumentId, type SnapshotId } from '@codesync/contract';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { Clock } from './clock.ts';
import type { Cursor } from './cursor.ts';
import type { ObjectStore } from './object-store.ts';
import type { SnapshotCommits, SnapshotRow } from './snapshot-commits.ts';
import { decodeState, encodeState, type DocumentState } from './document-state.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Without a checksum a flipped bit decompresses to another text (R3). */
const CHECKED = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

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
  /** The current snapshot; undefined when none was ever committed. Rejects with SnapshotDamaged (R3). */
  load(document: DocumentId): Promise<Snapshot | undefined>;
  /** Writes the object, then commits it on top of `previous`. undefined: someone else committed first; merge again (R4). */
  save(
    document: DocumentId,
    previous: SnapshotId | undefined,
    cursor: Cursor,
    state: DocumentState,
  ): Promise<SnapshotRow | undefined>;
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

  return {
    head: (document) => commits.head(document),

    async load(document) {
      const row = await commits.head(document);
      if (row === undefined) return undefined;
      const object = await objects.get(key(document, row.id));
      if (object === undefined) throw new SnapshotDamaged(document, row.id);
      try {
        return { ...row, state: decodeState(await decompress(object)) };
      } catch (cause) {
        throw new SnapshotDamaged(document, row.id, cause);
      }
    },

    async save(document, previous, cursor, state) {
      const id = newSnapshotId();
      await objects.put(key(document, id), await compress(encodeState(state), CHECKED));
      const row: SnapshotRow = { id, cursor, bytes: state.update.byteLength, createdAt: clock.now() };
      if (await commits.commit(document, previous, row)) return row;
      // Refused, so no row will ever name this object. When the commit throws it may have gone through: then it stays.
      await objects.remove(key(document, id));
      return undefined;
    },

    async remove(document) {
      await commits.remove(document);
      for await (const { key: name } of objects.list(folder(document))) await objects.remove(name);
    },

    check: () => objects.check(),
  };
}
