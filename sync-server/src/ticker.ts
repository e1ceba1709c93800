// One timer for the whole server: what was asked for since the last tick is called together at the next. Idle, it does not run.
import type { Cancel, Clock, Logger } from '@codesync/storage';

export interface Ticker {
  /** Calls `job` at the next tick; once, however often it was asked for until then. */
  request(job: () => void): void;
  /** Calls what was asked for, and nothing after that. */
  stop(): void;
}

/**
 * A tick that is so late, in milliseconds, comes to a process that stood still: it hears first what it missed. Told before that, what
 * it knew reaches people as news who have long been elsewhere, and they see who has gone (R11).
 */
const STOOD_STILL = 1_000;

export function createTicker(deps: { clock: Clock; logger: Logger }, interval: number): Ticker {
  const { clock, logger } = deps;
  let jobs = new Set<() => void>();
  let cancel: Cancel | undefined;
  let stopped = false;

  function schedule(): Cancel {
    const due = clock.steady() + interval;
    return clock.after(interval, () => {
      if (clock.steady() - due < STOOD_STILL) tick();
      else cancel = clock.after(interval, tick);
    });
  }

  function tick(): void {
    const due = jobs;
    jobs = new Set();
    cancel = undefined;
    for (const job of due) {
      try {
        job();
      } catch (error) {
        // One room's defect must not keep the others' presence from going out.
        logger.error({ error }, 'a job of the ticker threw');
      }
    }
  }

  return {
    request(job) {
      if (stopped) return;
      jobs.add(job);
      cancel ??= schedule();
    },
    stop() {
      stopped = true;
      cancel?.();
      tick();
    },
  };
}
