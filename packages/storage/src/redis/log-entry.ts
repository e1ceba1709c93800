// How entries come back from Redis: as a push to who listens, or in a page.
import { parseCursor, type Cursor } from '../cursor.ts';
import { unpackUpdates } from '../packed-updates.ts';
import type { LogEntry, LogPage } from '../update-log.ts';

/** Two cursors, and what is between them and the updates. */
const MAX_PUSH_HEAD = 64;

/** Undefined for an entry that was too large to be pushed. Throws on what the append script did not write. */
export function decodePush(message: Buffer): LogEntry | undefined {
  const end = message.subarray(0, MAX_PUSH_HEAD).indexOf('\n');
  const head = message.toString('latin1', 0, end === -1 ? MAX_PUSH_HEAD : end).split(' ');
  if (head.length !== 2) throw new Error('not an entry of an update log');
  const [cursor, previous] = head.map(parseCursor);
  if (cursor === undefined || previous === undefined || end === -1) return undefined;
  return { cursor, previous, updates: unpackCopied(message.subarray(end + 1)) };
}

/** Throws on what the read script did not answer. */
export function decodePage(reply: unknown): LogPage {
  if (!Array.isArray(reply) || !Array.isArray(reply[2])) throw new Error('Redis answered something else than a page');
  const [last, trimmedTo, fields] = reply;
  const entries: LogEntry[] = [];
  for (let index = 0; index < fields.length; index += 3) {
    entries.push({
      cursor: decodeCursor(fields[index]),
      previous: decodeCursor(fields[index + 1]),
      updates: unpackCopied(fields[index + 2]),
    });
  }
  const end = entries.at(-1)?.cursor;
  const page = { entries, trimmedTo: decodeCursor(trimmedTo), last: decodeCursor(last) };
  return { ...page, more: end !== undefined && end !== page.last };
}

export function decodeCursor(text: unknown): Cursor {
  if (!Buffer.isBuffer(text)) throw new Error('Redis answered something else than a cursor');
  return parseCursor(text.toString('latin1'));
}

/** A view would keep all that was read from the socket together with it. */
function unpackCopied(packed: unknown): readonly Uint8Array[] {
  if (!Buffer.isBuffer(packed)) throw new Error('Redis answered something else than updates');
  return unpackUpdates(new Uint8Array(packed));
}
