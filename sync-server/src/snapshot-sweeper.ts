// Finds what no task has planned to snapshot, in the log itself: what a task that died had planned, and what nobody heard of.
import type { UpdateLog } from '@codesync/storage';
import { createDuty, type Duty } from './duty.ts';
import type { Snapshotter } from './snapshotter.ts';
import type { LeaseDeps } from './under-lease.ts';

/** A dead task's work is found within this and `LOOK`, in milliseconds. */
const EVERY = 15_000;
const LOOK = 4_000;

/** How long to wait, in milliseconds, when as much is taken up as may be. */
const FULL_PAUSE = 1_000;

export interface SweeperDeps extends LeaseDeps {
  readonly log: Pick<UpdateLog, 'documents'>;
  readonly snapshotter: Pick<Snapshotter, 'takeUp'>;
}

export function createSnapshotSweeper(deps: SweeperDeps): Duty {
  const { log, snapshotter } = deps;
  return createDuty(
    { name: 'sweep', every: EVERY, look: LOOK },
    async (turn) => {
      for await (const document of log.documents()) {
        while (!turn.over && !snapshotter.takeUp(document)) await turn.pause(FULL_PAUSE);
        if (turn.over) return;
      }
    },
    deps,
  );
}
