// Port: the rows that say which snapshot is a document's current one. The compare-and-set here is what keeps two snapshotters from losing an edit (R4).
import type { DocumentId, SnapshotId } from '@codesync/contract';
import type { Cursor } from './cursor.ts';

/** One committed snapshot. */
export interface SnapshotRow {
  readonly id: SnapshotId;
  /** The snapshot holds every entry of the log up to and including this one. */
  readonly cursor: Cursor;
  /** Size of the merged state in bytes, before compression. */
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

export interface SnapshotCommits {
  /** The newest committed snapshot, undefined when there is none. */
  head(document: DocumentId): Promise<SnapshotRow | undefined>;

  /** Makes `row` the head if the head is still `previous` (undefined: there is none); false, and no change, if it is not (R4). */
  commit(document: DocumentId, previous: SnapshotId | undefined, row: SnapshotRow): Promise<boolean>;

  /** At most `limit`, newest first, in the order of their commits; if `before` is given those committed before it. */
  list(document: DocumentId, limit: number, before?: SnapshotId): Promise<readonly SnapshotRow[]>;

  /** Forgets all rows of a document that is deleted for good. */
  remove(document: DocumentId): Promise<void>;
}
