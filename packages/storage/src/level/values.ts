// What an entry's value holds: varUint layout, varString previous cursor, then each update as a varUint8Array.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { parseCursor, type Cursor } from '../cursor.ts';
import { unpackUpdates } from '../packed-updates.ts';
import type { LogEntry } from '../update-log.ts';

/** Says which layout follows, so that a later one can be told apart. */
const LAYOUT = 1;

/** `updates` as packUpdates made them: the part that does not depend on where in the log it ends up. */
export function encodeEntry(previous: Cursor, updates: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, LAYOUT);
  encoding.writeVarString(encoder, previous);
  encoding.writeUint8Array(encoder, updates);
  return encoding.toUint8Array(encoder);
}

/** Throws on anything that `encodeEntry` did not write. */
export function decodeEntry(cursor: Cursor, value: Uint8Array): LogEntry {
  const decoder = decoding.createDecoder(value);
  const layout = decoding.readVarUint(decoder);
  if (layout !== LAYOUT) throw new Error(`unknown log entry layout ${layout}`);
  const previous = parseCursor(decoding.readVarString(decoder));
  return { cursor, previous, updates: unpackUpdates(value.subarray(decoder.pos)) };
}
