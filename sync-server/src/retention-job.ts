// Thins out the snapshots of documents, a few at a time, by one task for all: which ones may go is said in storage's retention.ts.
import type { SnapshotStore } from '@codesync/storage';
import { createDuty, type Duty } from './duty.ts';
import type { LeaseDeps } from './under-lease.ts';

/** Milliseconds. Snapshots stay so much longer than they must. */
const EVERY = 10 * 60_000;
const LOOK = 60_000;

/** After each document, in milliseconds: the database and the store are there for people first. */
const PAUSE = 50;

/** So many failures in a row mean that a part is down; fewer, that these documents have something. */
const MOST_FAILURES = 10;

export interface RetentionDeps extends LeaseDeps {
  readonly snapshots: Pick<SnapshotStore, 'thinnable' | 'thin'>;
}

export function createRetentionJob(deps: RetentionDeps): Duty {
  const { snapshots, clock, logger } = deps;
  return createDuty(
    { name: 'retention', every: EVERY, look: LOOK },
    async (turn) => {
      let failures = 0;
      for await (const document of snapshots.thinnable(clock.now())) {
        if (turn.over) return;
        try {
          await snapshots.thin(document, clock.now());
          failures = 0;
        } catch (error) {
          failures += 1;
          if (failures === MOST_FAILURES) throw error;
          logger.warn({ document, error }, 'the snapshots of a document could not be thinned out');
        }
        await turn.pause(PAUSE);
      }
    },
    deps,
  );
}
