// How far one connection's updates are kept: counts of its step 2 and update frames, as both sides count them (R1).
import { compareCursors, type Cursor } from '@codesync/storage';

export interface Acks {
  /** Another update frame has come; its number, from 1. */
  count(): number;
  /** Updates up to this number are in the log, at or before `cursor`. Numbers come in order. */
  logged(number: number, cursor: Cursor): void;
  /** A snapshot up to this cursor is committed. */
  saved(cursor: Cursor): void;
  /** A frame was not accepted (R13): nothing from now on is acked, or a client would take what was refused for kept. */
  withhold(): void;
  /** The frame of this number brought everything that was refused before it. */
  resume(number: number): void;
}

/** While snapshots fail these would grow with every edit; at the bound the last two are told as one, later than they could be. */
const MAX_UNSAVED = 1_000;

export function createAcks(saved: Cursor, tell: { logged(count: number): void; durable(count: number): void }): Acks {
  let counted = 0;
  let savedTo = saved;
  let from = 0;
  const unsaved: { number: number; cursor: Cursor }[] = [];

  function tellDurable(): void {
    let durable = 0;
    while (unsaved[0] !== undefined && compareCursors(unsaved[0].cursor, savedTo) <= 0) {
      durable = unsaved[0].number;
      unsaved.shift();
    }
    if (durable > 0) tell.durable(durable);
  }

  return {
    count: () => ++counted,
    logged(number, cursor) {
      if (number < from) return;
      tell.logged(number);
      if (unsaved.length === MAX_UNSAVED) unsaved.pop();
      unsaved.push({ number, cursor });
      tellDurable();
    },
    saved(cursor) {
      if (compareCursors(cursor, savedTo) <= 0) return;
      savedTo = cursor;
      tellDurable();
    },
    withhold() {
      from = Number.POSITIVE_INFINITY;
    },
    resume(number) {
      if (from === Number.POSITIVE_INFINITY) from = number;
    },
  };
}
