// Work that can wait in parts: one part at a time, and after it as long a rest, so that keystrokes come through however much there is.
import type { Clock } from '@codesync/storage';

export interface Turns {
  /** In the order in which they were asked for; not before this turn of the event loop has ended. */
  request(turn: () => void): void;
  /** What has not had its turn gets none. */
  stop(): void;
}

/** Milliseconds of work after which a rest is worth a timer. */
const STRETCH = 1;

export function createTurns(deps: { readonly clock: Pick<Clock, 'after' | 'steady'> }): Turns {
  const { clock } = deps;
  const waiting: (() => void)[] = [];
  /** The next turn is planned, or goes on. */
  let cancel: (() => void) | undefined;
  /** Since the last rest, in milliseconds. */
  let worked = 0;
  let stopped = false;

  function next(): void {
    const begun = clock.steady();
    try {
      waiting.shift()?.();
    } finally {
      worked += clock.steady() - begun;
      cancel = undefined;
      plan();
    }
  }

  function plan(): void {
    if (stopped || cancel !== undefined || waiting.length === 0) return;
    if (worked >= STRETCH) {
      cancel = clock.after(worked, next);
      worked = 0;
    } else {
      const immediate = setImmediate(next);
      cancel = () => clearImmediate(immediate);
    }
  }

  return {
    request(turn) {
      waiting.push(turn);
      plan();
    },
    stop() {
      stopped = true;
      cancel?.();
      waiting.length = 0;
    },
  };
}
