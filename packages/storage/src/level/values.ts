// What an entry's value holds: varUint layout, varString previous cursor, then each update as a varUint8Array.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { parseCursor, type Cursor } from '../cursor.ts';
import type { LogEntry } from '../update-log.ts';

/** Says which layout follows, so that a later one can be told apart. */
const LAYOUT = 1;

/** The part that does not depend on where in the log it ends up: one copy, made while the caller's buffers still stand. */
export function encodeUpdates(updates: readonly Uint8Array[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const update of updates) encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}

/** Views, not copies. */
export function decodeUpdates(bytes: Uint8Array): readonly Uint8Array[] {
  return readUpdates(decoding.createDecoder(bytes));
}

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
  return { cursor, previous, updates: readUpdates(decoder) };
}

function readUpdates(decoder: decoding.Decoder): Uint8Array[] {
  const updates: Uint8Array[] = [];
  while (decoding.hasContent(decoder)) updates.push(decoding.readVarUint8Array(decoder));
  return updates;
}
