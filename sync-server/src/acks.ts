// How far one connection's updates are kept: counts of its step 2 and update frames, as both sides count them (R1).
import type { Position } from './log-chain.ts';

export interface Acks {
  /** Another update frame has come; its number, from 1. */
  count(): number;
  /** Updates up to this number are in the log, this one at `position`. Numbers come in order. */
  logged(number: number, position: Position): void;
  /** A committed snapshot reaches to this number of the log's chain. */
  saved(sequence: number): void;
  /** The log may have lost what no snapshot holds: it counts as being there, where it is added again (R7). */
  moved(position: Position): void;
  /** A frame was not accepted (R13): nothing from now on is acked, or a client would take what was refused for kept. */
  withhold(): void;
  /** The frame of this number brought everything that was refused before it. */
  resume(number: number): void;
}

/** While snapshots fail these would grow with every edit; at the bound the last two are told as one, later than they could be. */
const MAX_UNSAVED = 1_000;

interface Unsaved {
  readonly number: number;
  readonly position: Position;
}

/** `saved`: what a snapshot reaches already. */
export function createAcks(saved: number, tell: { logged(count: number): void; durable(count: number): void }): Acks {
  let counted = 0;
  let savedTo = saved;
  let from = 0;
  let unsaved: Unsaved[] = [];

  function tellDurable(): void {
    let durable = 0;
    while (unsaved[0] !== undefined && unsaved[0].position.sequence <= savedTo) {
      durable = unsaved[0].number;
      unsaved.shift();
    }
    if (durable > 0) tell.durable(durable);
  }

  return {
    count: () => ++counted,
    logged(number, position) {
      if (number < from) return;
      tell.logged(number);
      const replaced = unsaved.length === MAX_UNSAVED ? unsaved.pop() : undefined;
      unsaved.push({ number, position: replaced === undefined ? position : later(replaced.position, position) });
      tellDurable();
    },
    saved(sequence) {
      savedTo = Math.max(savedTo, sequence);
      tellDurable();
    },
    moved(position) {
      const last = unsaved.at(-1);
      unsaved = last === undefined ? [] : [{ number: last.number, position }];
    },
    withhold() {
      from = Number.POSITIVE_INFINITY;
    },
    resume(number) {
      if (from === Number.POSITIVE_INFINITY) from = number;
    },
  };
}

/** What is not known yet will be at the end of the chain, when it is. */
function later(older: Position, newer: Position): Position {
  return older.sequence === Number.POSITIVE_INFINITY ? older : newer;
}
