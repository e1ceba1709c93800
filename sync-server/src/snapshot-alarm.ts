// Tells whoever runs this when edits wait for their snapshot far too long. Nothing is lost, but the log grows, and with it what its loss would cost.
import type { Clock, Logger } from '@codesync/storage';
import type { Backlog } from './snapshot-plan.ts';

/** Snapshots come after 5 s; a store that was restarted is back within this. */
const TOO_OLD = 60_000;

/** How often it is said again while it lasts, in milliseconds. */
const AGAIN = 5 * 60_000;

/** `look` from time to time: every few seconds. */
export function createSnapshotAlarm(deps: {
  readonly backlog: () => Backlog;
  readonly clock: Clock;
  readonly logger: Logger;
}): { look(): void } {
  const { backlog, clock, logger } = deps;
  let saidAt: number | undefined;

  return {
    look() {
      const now = clock.now();
      const { documents, since = now } = backlog();
      const age = now - since;
      if (age <= TOO_OLD) {
        if (saidAt !== undefined) logger.info({ documents }, 'snapshots are written again in time');
        saidAt = undefined;
      } else if (saidAt === undefined || now - saidAt >= AGAIN) {
        saidAt = now;
        logger.error({ documents, age }, 'edits wait for their snapshot far too long; the log keeps them, and grows');
      }
    },
  };
}
