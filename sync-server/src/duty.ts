// A duty: what one task at a time does for all of them, again and again. Whoever comes first when it is due takes the next turn.
import type { Cancel, Lease } from '@codesync/storage';
import { keepRenewing, type Renewal } from './lease-renewal.ts';
import type { LeaseDeps } from './under-lease.ts';

export interface Duty {
  /** Looks at once whether it is due, and from then on again and again. */
  start(): void;
  /** Resolves when the turn that goes on has come to its end; another task may then take the next one at once. */
  stop(): Promise<void>;
}

export interface Turn {
  /** Time to end: this task stops, or it lost the lease and another one is at it. */
  readonly over: boolean;
  /** Resolves after so many milliseconds, or when the task stops. */
  pause(milliseconds: number): Promise<void>;
}

export interface DutyOptions {
  readonly name: string;
  /** Milliseconds from the last sign of one turn to the next one. Also what a task that dies in its turn holds it up for. */
  readonly every: number;
  /** Milliseconds between two looks whether it is due, give or take a quarter, so that tasks do not look together. */
  readonly look: number;
}

export function createDuty(
  { name, every, look }: DutyOptions,
  work: (turn: Turn) => Promise<void>,
  deps: LeaseDeps,
): Duty {
  const { leases, clock, logger } = deps;
  let stopped = false;
  let failing = false;
  let cancel: Cancel = () => {};
  let wake = (): void => {};
  let looking: Promise<void> | undefined;

  function begin(): void {
    looking = lookAndWork().finally(() => {
      if (!stopped) cancel = clock.after(look * (0.75 + 0.5 * Math.random()), begin);
    });
  }

  async function lookAndWork(): Promise<void> {
    try {
      const lease = await leases.take(name, every);
      if (lease !== undefined) await takeTurn(lease);
      failing = false;
    } catch (error) {
      // Once an outage: the parts that are down say it, too.
      if (!failing) logger.warn({ duty: name, error }, 'a duty was not done; it will be tried again');
      failing = true;
    }
  }

  async function takeTurn(lease: Lease): Promise<void> {
    const renewal = keepRenewing(lease, every, deps);
    let done = false;
    try {
      await work(turnUnder(renewal));
      done = !stopped;
    } finally {
      renewal.stop();
      // Done, it is held until it ends by itself: nobody needs to do it again before.
      if (!done) {
        await lease.release().catch((error: unknown) => {
          logger.debug({ duty: name, error }, 'a lease was not given back; it ends by itself');
        });
      }
    }
  }

  function turnUnder(renewal: Renewal): Turn {
    return {
      get over() {
        return stopped || renewal.lost;
      },
      async pause(milliseconds) {
        if (stopped) return;
        const paused = Promise.withResolvers<void>();
        wake = paused.resolve;
        const cancelPause = clock.after(milliseconds, paused.resolve);
        await paused.promise;
        cancelPause();
      },
    };
  }

  return {
    start: begin,
    async stop() {
      stopped = true;
      cancel();
      wake();
      await looking;
    },
  };
}
