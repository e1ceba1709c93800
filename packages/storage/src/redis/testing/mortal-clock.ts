// A clock whose calls can be made to stop: whatever lives by it then hangs, as in a process that is frozen or dead.
import { systemClock, type Clock } from '../../clock.ts';

export interface MortalClock extends Clock {
  /** Nothing is called any more. */
  stop(): void;
}

export function createMortalClock(): MortalClock {
  let stopped = false;
  return {
    now: () => systemClock.now(),
    steady: () => systemClock.steady(),
    after: (milliseconds, call) =>
      systemClock.after(milliseconds, () => {
        if (!stopped) call();
      }),
    stop() {
      stopped = true;
    },
  };
}
