// The entries that were handed on in one history of a log, numbered in their order. What tells histories apart is `previous`, never the order of cursors.
import type { Cursor } from '@codesync/storage';

/** Where an edit is in the chain: a snapshot that reaches this number holds it. Infinity while that is not known. */
export interface Position {
  readonly sequence: number;
}

export interface LogChain {
  /** The number of the newest entry. The place where the chain began has a number, too: it stands for all before it. */
  readonly length: number;
  /** The newest entry's cursor: the `previous` of the next one. */
  readonly place: Cursor;
  /** Cursors that are remembered: what memory grows with. */
  readonly size: number;
  /** undefined proves nothing: older ones are forgotten. */
  numberOf(cursor: Cursor): number | undefined;
  add(cursor: Cursor): void;
  /** Goes on from a place in another history: no cursor from before means anything any more. */
  restart(place: Cursor): void;
  /** Nobody asks for what is before this number, but for the newest few, which may be heard twice. */
  forget(before: number): void;
}

/**
 * While snapshots fail it would grow with every edit. A snapshot is of an entry that was the newest one a few seconds ago: of a log
 * that grows as fast as it can that is among these.
 */
const REMEMBERED = 16_384;
const RECENT = 64;

export function createLogChain(start: Cursor): LogChain {
  let place = start;
  let length = 0;
  /** Oldest first. */
  const numbers = new Map([[start, length]]);

  function forget(before: number, keep: number): void {
    for (const [cursor, number] of numbers) {
      if (number >= before || numbers.size <= keep) return;
      numbers.delete(cursor);
    }
  }

  function add(cursor: Cursor): void {
    place = cursor;
    length += 1;
    numbers.set(cursor, length);
    // Half of them at a time: finding the oldest one in a Map takes longer after each that was deleted.
    if (numbers.size > REMEMBERED) forget(length, REMEMBERED / 2);
  }

  return {
    get length() {
      return length;
    },
    get place() {
      return place;
    },
    get size() {
      return numbers.size;
    },
    numberOf: (cursor) => numbers.get(cursor),
    add,
    restart(next) {
      numbers.clear();
      add(next);
    },
    forget: (before) => forget(before, RECENT),
  };
}
