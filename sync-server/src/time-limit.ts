// A bound on how long something may take. What exceeds it cannot be stopped: it is left to itself.
import type { Clock } from '@codesync/storage';

export interface TimeLimit {
  /** Whether the time is over. */
  readonly passed: boolean;
  /** As the work, or rejects when the time is over. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Without it the timer goes on. */
  cancel(): void;
}

export function createTimeLimit(clock: Clock, milliseconds: number, reason: string): TimeLimit {
  const over = Promise.withResolvers<never>();
  // Perhaps nothing is racing when the time is over.
  over.promise.catch(() => {});
  let passed = false;
  const cancel = clock.after(milliseconds, () => {
    passed = true;
    over.reject(new Error(reason));
  });
  return {
    get passed() {
      return passed;
    },
    race: (work) => Promise.race([work, over.promise]),
    cancel,
  };
}
