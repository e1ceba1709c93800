// Reads a whole document: the log first, the snapshot second, and proof that the two meet (R5).
import type { DocumentId } from '@codesync/contract';
import { compareCursors, START, type Cursor } from './cursor.ts';
import type { Snapshot, SnapshotStore } from './snapshot-store.ts';
import type { LogEntry, UpdateLog } from './update-log.ts';

export interface StoredDocument {
  /** undefined when nothing was snapshotted yet. */
  readonly snapshot: Snapshot | undefined;
  /** The entries after the snapshot, in order; also entries that it holds when the log has lost where it ends (R7). */
  readonly tail: readonly LogEntry[];
  /** The last entry that is in here: of the tail, else the snapshot's, else START. */
  readonly cursor: Cursor;
  /** The newest place of the log: the `previous` of the entry that comes next. Another one than `cursor` when the log was lost. */
  readonly place: Cursor;
}

/** The log was trimmed further than any snapshot reaches: text is missing, and nothing may be served as if it were whole (R3). */
export class LogGap extends Error {
  constructor(document: DocumentId) {
    super(`the log of document ${document} does not reach back to its snapshot`);
    this.name = 'LogGap';
  }
}

/** Snapshots of one document are a second apart at least. */
const ATTEMPTS = 10;

export async function readDocument(
  document: DocumentId,
  log: Pick<UpdateLog, 'read'>,
  snapshots: Pick<SnapshotStore, 'load'>,
): Promise<StoredDocument> {
  let seen: Snapshot | undefined | 'none yet' = 'none yet';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // The other way round, a trim between the two reads would take entries that the older snapshot does not hold.
    const read = await readLog(document, log);
    const snapshot: Snapshot | undefined = await snapshots.load(document);
    const reached = snapshot?.cursor ?? START;
    let held = entriesHeld(read, reached);
    if (held === undefined) {
      // Perhaps the snapshot is newer than what was read. Of a log that is read after it was committed this is no longer so.
      if (seen === 'none yet' || seen?.id !== snapshot?.id) {
        seen = snapshot;
        continue;
      }
      if (compareCursors(read.trimmedTo, reached) > 0) throw new LogGap(document);
      // The log has lost the entry where the snapshot ends, and cursors given since may sort before it (R7). To merge what the
      // snapshot holds already changes nothing.
      held = 0;
    }
    const tail = read.entries.slice(held);
    return { snapshot, tail, cursor: tail.at(-1)?.cursor ?? reached, place: read.last };
  }
  throw new Error(`document ${document} was snapshotted ${ATTEMPTS} times while it was being read`);
}

interface WholeLog {
  readonly entries: readonly LogEntry[];
  readonly trimmedTo: Cursor;
  readonly last: Cursor;
}

/** How many of the log's entries a snapshot up to `reached` holds; undefined when that is no place of the log. */
function entriesHeld({ entries, trimmedTo }: WholeLog, reached: Cursor): number | undefined {
  const end = entries.findIndex((entry) => entry.cursor === reached);
  if (end !== -1) return end + 1;
  if (trimmedTo !== reached) return undefined;
  // Trimmed while the pages were read: the first ones may have brought what the snapshot holds.
  return entries.filter((entry) => compareCursors(entry.cursor, reached) <= 0).length;
}

async function readLog(document: DocumentId, log: Pick<UpdateLog, 'read'>): Promise<WholeLog> {
  let entries: LogEntry[] = [];
  let reached = START;
  for (;;) {
    const page = await log.read(document, reached);
    if (entries.length > 0 && (page.entries[0]?.previous ?? page.last) !== reached) {
      // Between two pages the log was trimmed, or lost its tail (R7): what follows may not be all that came after. From the start.
      entries = [];
      reached = START;
      continue;
    }
    entries.push(...page.entries);
    reached = page.entries.at(-1)?.cursor ?? reached;
    // The last page's: a trim between two pages is a gap that only it shows.
    if (!page.more) return { entries, trimmedTo: page.trimmedTo, last: page.last };
  }
}
