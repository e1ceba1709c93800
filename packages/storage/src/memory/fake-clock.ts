// A clock that stands still until a test advances it.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../clock.ts';

export interface FakeClock extends Clock {
  /**
   * Moves time on by `milliseconds` and calls what falls due, in due order, each at its own time. Promises settle before the
   * first call, after each one and at the end; work on other threads (zlib, LevelDB, files) is not waited for.
   */
  advance(milliseconds: number): Promise<void>;
  /** Calls that are still to come. */
  pending(): number;
}

interface Timer {
  readonly due: number;
  readonly call: () => void;
}

/** Turns of the event loop given to promises: enough for chains that hop through setImmediate a few times. */
const SETTLING_TURNS = 3;

export function createFakeClock(start: number = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  const timers = new Set<Timer>();

  // A Set keeps the order of insertion: of two timers due at once, the one that was set first comes first.
  function nextDue(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.due <= until && (next === undefined || timer.due < next.due)) next = timer;
    }
    return next;
  }

  async function settle(): Promise<void> {
    for (let turn = 0; turn < SETTLING_TURNS; turn++) await nextTurn();
  }

  return {
    now: () => now,
    steady: () => now,
    after(milliseconds, call) {
      const timer = { due: now + Math.max(0, milliseconds), call };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    async advance(milliseconds) {
      const target = now + milliseconds;
      await settle();
      for (let timer = nextDue(target); timer !== undefined; timer = nextDue(target)) {
        timers.delete(timer);
        now = Math.max(now, timer.due);
        timer.call();
        await settle();
      }
      now = Math.max(now, target);
    },
    pending: () => timers.size,
  };
}
