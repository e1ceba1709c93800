// Port: the log of document updates. An edit exists from the moment its append resolves (R1); whoever reads the log sees it.
//
// A log may lose its tail (R7: a failover to a replica that had not heard the last entries). A cursor is a place in one history
// and never names two entries, not even after such a loss. So cursors prove by being the same that two histories are one; which
// of two comes first is only a question within one history.
import type { DocumentId } from '@codesync/contract';
import type { Cursor } from './cursor.ts';

/** Several updates that arrived in one tick, in their order. */
export interface LogEntry {
  readonly cursor: Cursor;
  /** The cursor of the document's entry before this one, START for its first. A reader whose last cursor is another has a gap. */
  readonly previous: Cursor;
  /** Yjs updates, v1 encoding. */
  readonly updates: readonly Uint8Array[];
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Everything up to and including this cursor has been trimmed. `after` below it: the reader must start from a snapshot. */
  readonly trimmedTo: Cursor;
  /** The newest place of this log: its last entry's cursor, else `trimmedTo`. The next entry's `previous`. */
  readonly last: Cursor;
  /** There are entries after the last one of this page. */
  readonly more: boolean;
}

export type Unsubscribe = () => void;

export interface UpdateLog {
  /**
   * Adds one entry. Resolves when it survives kill -9 of this process (R1). Entries of concurrent calls for one document are
   * kept in call order. Rejects when it is not known to be logged: it may be there, so appending the same updates again must be,
   * and is, harmless. An empty list rejects and logs nothing.
   */
  append(document: DocumentId, updates: readonly Uint8Array[]): Promise<{ cursor: Cursor; previous: Cursor }>;

  /** Entries after a cursor, oldest first, about `maxBytes` of them at most but at least one if there is one. */
  read(document: DocumentId, after: Cursor, maxBytes?: number): Promise<LogPage>;

  /**
   * Hear what is appended from now on, by any task, this one included. Resolves when listening has begun. Entries may come late,
   * twice or out of order, or be missed: the listener proves continuity by `previous` and reads the log when it is broken.
   * `missed` says that entries may have been missed, or that the log may have lost some (R7): a connection was lost, or an entry
   * was too large to be pushed. The listener then reads.
   */
  subscribe(document: DocumentId, listener: (entry: LogEntry) => void, missed?: () => void): Promise<Unsubscribe>;

  /**
   * Forgets entries up to and including a cursor. Only for a committed snapshot's cursor (R3). A cursor that is no place in this
   * log (it is trimmed already; or the log lost what it had since, R7) changes nothing: what is there was perhaps never
   * snapshotted.
   */
  trim(document: DocumentId, upTo: Cursor): Promise<void>;

  /** Every document that has entries, from the entries themselves: what still has to be snapshotted, whoever forgot about it. */
  documents(): AsyncIterable<DocumentId>;

  /** Forgets a document altogether; what is appended later begins at START again, with cursors that were not given before. */
  remove(document: DocumentId): Promise<void>;

  /** Whether appends can be expected to work; for readiness. Rejects with the reason. */
  check(): Promise<void>;

  close(): Promise<void>;
}

/** What one page of a read aims for when the caller does not say. */
export const LOG_PAGE_BYTES = 4 * 1024 * 1024;
