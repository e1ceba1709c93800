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
  /** What someone called it; retention keeps what has a name. */
  readonly name?: string;
}

/** How far a committed snapshot reaches. */
export interface SnapshotReach {
  readonly cursor: Cursor;
  /**
   * The same of the snapshot that it was merged on top of; undefined when there was none, or it is not known. A snapshot holds what
   * the log holds up to its cursor, and besides all that this one held, which the log may have lost since (R7).
   */
  readonly previous: Cursor | undefined;
}

export interface SnapshotCommits {
  /** The newest committed snapshot, undefined when there is none. */
  head(document: DocumentId): Promise<SnapshotRow | undefined>;

  /** Makes `row` the head if the head is still `previous` (undefined: there is none); false, and no change, if it is not (R4). */
  commit(document: DocumentId, previous: SnapshotId | undefined, row: SnapshotRow): Promise<boolean>;

  /** At most `limit`, newest first, in the order of their commits; if `before` is given those committed before it. */
  list(document: DocumentId, limit: number, before?: SnapshotId): Promise<readonly SnapshotRow[]>;

  /**
   * Documents that may have something to thin by this time, those that wait longest first: who was committed to and not
   * thinned since, or whose time (`thinAgain`) has come. Costs what it finds, however many documents there are.
   */
  thinnable(now: number): AsyncIterable<DocumentId>;

  /** Deletes these rows of a document, those excepted that are its head or have a name by then. Answers what it deleted. */
  prune(document: DocumentId, ids: readonly SnapshotId[]): Promise<readonly SnapshotId[]>;

  /**
   * The document was thinned while this was its head: it is thinnable again from a time on, or after its next commit
   * (undefined). Changes nothing when someone committed meanwhile: then it still is.
   */
  thinAgain(document: DocumentId, head: SnapshotId | undefined, at: number | undefined): Promise<void>;

  /** Forgets all rows of a document that is deleted for good. */
  remove(document: DocumentId): Promise<void>;
}
