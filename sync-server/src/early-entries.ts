// Entries of ours that the log took after others which have not come yet: their text is shown already, their place in the order waits.
import type { Cursor, LogEntry } from '@codesync/storage';

export interface EarlyEntries {
  readonly size: number;
  /** The one that follows this place. */
  after(place: Cursor): LogEntry | undefined;
  has(cursor: Cursor): boolean;
  /** False: two follow the same place, so they are of two histories, or there are so many that reading on does not get there (R16). */
  add(entry: LogEntry): boolean;
  delete(entry: LogEntry): void;
  clear(): void;
}

const MOST = { entries: 100, bytes: 4 * 1024 * 1024 } as const;

export function createEarlyEntries(): EarlyEntries {
  /** By what is before them. */
  const entries = new Map<Cursor, LogEntry>();

  function bytes(): number {
    let sum = 0;
    for (const { updates } of entries.values()) for (const update of updates) sum += update.byteLength;
    return sum;
  }

  return {
    get size() {
      return entries.size;
    },
    after: (place) => entries.get(place),
    has: (cursor) => Array.from(entries.values()).some((entry) => entry.cursor === cursor),
    add(entry) {
      const isFork = entries.has(entry.previous);
      entries.set(entry.previous, entry);
      return !isFork && entries.size <= MOST.entries && bytes() <= MOST.bytes;
    },
    delete({ previous, cursor }) {
      if (entries.get(previous)?.cursor === cursor) entries.delete(previous);
    },
    clear: () => entries.clear(),
  };
}
