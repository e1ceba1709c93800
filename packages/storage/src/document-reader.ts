// Reads a whole document: the log first, the snapshot second, and proof that the two meet (R5).
import type { DocumentId } from '@codesync/contract';
import { compareCursors, START, type Cursor } from './cursor.ts';
import type { Snapshot, SnapshotStore } from './snapshot-store.ts';
import type { LogEntry, UpdateLog } from './update-log.ts';

export interface StoredDocument {
  /** undefined when nothing was snapshotted yet. */
  readonly snapshot: Snapshot | undefined;
  /** The entries after the snapshot, in order. */
  readonly tail: readonly LogEntry[];
  /** The last entry that is in here: of the tail, else the snapshot's, else START. */
  readonly cursor: Cursor;
}

/** The log was trimmed further than any snapshot reaches: text is missing, and nothing may be served as if it were whole (R3). */
export class LogGap extends Error {
  constructor(document: DocumentId) {
    super(`the log of document ${document} does not reach back to its snapshot`);
    this.name = 'LogGap';
  }
}

export async function readDocument(
  document: DocumentId,
  log: UpdateLog,
  snapshots: SnapshotStore,
): Promise<StoredDocument> {
  // The other way round, a trim between the two reads would take entries that the older snapshot does not hold.
  const { entries, trimmedTo } = await readLog(document, log);
  const snapshot = await snapshots.load(document);
  const reached = snapshot?.cursor ?? START;
  if (compareCursors(trimmedTo, reached) > 0) throw new LogGap(document);
  const tail = entries.filter((entry) => compareCursors(entry.cursor, reached) > 0);
  return { snapshot, tail, cursor: tail.at(-1)?.cursor ?? reached };
}

async function readLog(document: DocumentId, log: UpdateLog): Promise<{ entries: LogEntry[]; trimmedTo: Cursor }> {
  const entries: LogEntry[] = [];
  let page = await log.read(document, START);
  entries.push(...page.entries);
  while (page.more) {
    const last = entries.at(-1)?.cursor ?? START;
    page = await log.read(document, last);
    entries.push(...page.entries);
  }
  // The last page's: a trim between two pages is a gap that only it shows.
  return { entries, trimmedTo: page.trimmedTo };
}
