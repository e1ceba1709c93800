// One page of a document's log, from one LevelDB snapshot.
import type { DocumentId } from '@codesync/contract';
import { compareCursors, type Cursor } from '../cursor.ts';
import type { LogEntry, LogPage } from '../update-log.ts';
import { decodeTrimmedTo, lastOf } from './heads.ts';
import { cursorOfKey, entriesEnd, entryKey, trimmedToKey } from './keys.ts';
import type { Level } from './open-level.ts';
import { decodeEntry } from './values.ts';

/** LevelDB drops what it cannot read of its journal and says nothing; the chain of `previous` does (R3). */
export class LogDamaged extends Error {
  constructor(document: DocumentId, after: Cursor) {
    super(`the log of document ${document} is damaged after ${after}: an entry is missing`);
    this.name = 'LogDamaged';
  }
}

export async function readPage(level: Level, document: DocumentId, after: Cursor, maxBytes: number): Promise<LogPage> {
  // A trim between reading `trimmedTo` and reading the entries would be a gap that nobody sees.
  const snapshot = level.snapshot();
  try {
    const trimmedTo = decodeTrimmedTo(await level.get(trimmedToKey(document), { snapshot }));
    let reached = compareCursors(after, trimmedTo) > 0 ? after : trimmedTo;
    // At least from `trimmedTo` on: before it lie only deleted keys, which are slow to walk over.
    const range = { gt: entryKey(document, reached), lt: entriesEnd(document), snapshot };
    const entries: LogEntry[] = [];
    let bytes = 0;
    for await (const [key, value] of level.iterator({ ...range, highWaterMarkBytes: READ_AHEAD_BYTES })) {
      bytes += value.byteLength;
      if (entries.length > 0 && bytes > maxBytes)
        return { entries, trimmedTo, last: await lastOf(level, document, trimmedTo, snapshot), more: true };
      const entry = decodeEntry(cursorOfKey(key), value);
      if (compareCursors(entry.previous, reached) > 0) throw new LogDamaged(document, reached);
      entries.push(entry);
      reached = entry.cursor;
    }
    const last = entries.at(-1)?.cursor ?? (await lastOf(level, document, trimmedTo, snapshot));
    return { entries, trimmedTo, last, more: false };
  } finally {
    await snapshot.close();
  }
}

const READ_AHEAD_BYTES = 256 * 1024;
