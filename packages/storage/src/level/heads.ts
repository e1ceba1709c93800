// Where each document's log ends: read from LevelDB once, then kept for the documents that were written last.
import type { DocumentId } from '@codesync/contract';
import { parseCursor, START, type Cursor } from '../cursor.ts';
import { cursorOfKey, entriesEnd, entryKey, trimmedToKey } from './keys.ts';
import type { Level, LevelSnapshot } from './open-level.ts';

export interface Head {
  /** The last entry's cursor; when there is none, what the document was trimmed to. */
  readonly last: Cursor;
  readonly trimmedTo: Cursor;
}

/** About 300 bytes each. Beyond it the one that was written longest ago is forgotten, and read again when it is needed. */
const MAX_HEADS = 10_000;

export interface Heads {
  get(level: Level, document: DocumentId): Promise<Head>;
  set(document: DocumentId, head: Head): void;
  forget(document: DocumentId): void;
  clear(): void;
}

/** Only for the one writer: a reader takes `trimmedTo` and the entries from one LevelDB snapshot instead. */
export function createHeads(): Heads {
  const kept = new Map<DocumentId, Head>();
  return {
    get: async (level, document) => kept.get(document) ?? (await load(level, document)),
    set(document, head) {
      // A Map keeps the order of insertion: the first key is the one that was written longest ago.
      kept.delete(document);
      kept.set(document, head);
      if (kept.size <= MAX_HEADS) return;
      for (const oldest of kept.keys()) {
        kept.delete(oldest);
        break;
      }
    },
    forget: (document) => void kept.delete(document),
    clear: () => kept.clear(),
  };
}

async function load(level: Level, document: DocumentId): Promise<Head> {
  const trimmedTo = decodeTrimmedTo(await level.get(trimmedToKey(document)));
  return { last: await lastOf(level, document, trimmedTo), trimmedTo };
}

/** The last entry's cursor; when there is none, what the document was trimmed to. */
export async function lastOf(
  level: Level,
  document: DocumentId,
  trimmedTo: Cursor,
  snapshot?: LevelSnapshot,
): Promise<Cursor> {
  // From `trimmedTo` on: walking back over what was trimmed would touch every deleted key.
  const range = { gt: entryKey(document, trimmedTo), lt: entriesEnd(document), reverse: true, limit: 1 };
  const [lastKey] = await level.keys(snapshot === undefined ? range : { ...range, snapshot }).all();
  return lastKey === undefined ? trimmedTo : cursorOfKey(lastKey);
}

export function encodeTrimmedTo(cursor: Cursor): Uint8Array {
  return new TextEncoder().encode(cursor);
}

export function decodeTrimmedTo(value: Uint8Array | undefined): Cursor {
  return value === undefined ? START : parseCursor(new TextDecoder().decode(value));
}
