// Keeps a lease while work goes on. It ends by itself when this task is frozen, and then someone else may do the same work.
import type { Clock, Lease, Logger } from '@codesync/storage';

export interface Renewal {
  /** The lease had ended when it was to be renewed: perhaps someone else has it now. */
  readonly lost: boolean;
  stop(): void;
}

/** One renewal may fail, and the next one still comes in time. */
const RENEWALS_PER_TTL = 3;

export function keepRenewing(
  lease: Lease,
  ttl: number,
  deps: { readonly clock: Clock; readonly logger: Logger },
): Renewal {
  const { clock, logger } = deps;
  let lost = false;
  let stopped = false;
  let cancel = schedule();

  function schedule() {
    return clock.after(ttl / RENEWALS_PER_TTL, () => void renew());
  }

  async function renew(): Promise<void> {
    try {
      lost = !(await lease.renew());
    } catch (error) {
      logger.debug({ error }, 'a lease could not be renewed; trying again');
    }
    if (!stopped && !lost) cancel = schedule();
  }

  return {
    get lost() {
      return lost;
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
