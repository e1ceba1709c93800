// A clock that tests advance by hand.
import type { Clock } from '../clock.ts';

export interface FakeClock extends Clock {
  /** Calls what is due within the next `milliseconds`, in order of time. */
  advance(milliseconds: number): void;
}

export function createFakeClock(): FakeClock {
  let now = 0;
  let timers: { readonly at: number; readonly call: () => void }[] = [];
  return {
    now: () => now,
    after(milliseconds, call) {
      const timer = { at: now + milliseconds, call };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).toSorted((one, other) => one.at - other.at)[0];
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        now = next.at;
        next.call();
      }
      now = end;
    },
  };
}
