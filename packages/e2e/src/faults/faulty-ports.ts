// The ports of a sync task with faults built in: they die where they are told to, and bring what is heard late, twice and out of order.
import { createSnapshotStore, type Clock, type Notices, type PresenceBus, type UpdateLog } from '@codesync/storage';
import type { ObjectStore, SnapshotCommits, SnapshotStore } from '@codesync/storage';
import type { Point } from './orders.ts';

/** Sends the task its signal if that was ordered for this point. */
export type Pass = (point: Point) => Promise<void>;

/** Calls back at once, or while there is disorder later, and perhaps once more. */
export type Deliver = (call: () => void) => void;

export function createFaultyLog(log: UpdateLog, pass: Pass, deliver: Deliver): UpdateLog {
  return {
    ...log,
    async append(document, updates) {
      const appended = log.append(document, updates);
      // Struck between the two, the process has sent it and will never hear of it.
      const [position] = await Promise.all([appended, pass('during-append')]);
      await pass('after-append');
      return position;
    },
    async subscribe(document, listener, missed) {
      let listening = true;
      const unsubscribe = await log.subscribe(document, (entry) => deliver(() => listening && listener(entry)), missed);
      return () => {
        listening = false;
        unsubscribe();
      };
    },
    async trim(document, upTo) {
      await pass('before-trim');
      await log.trim(document, upTo);
    },
  };
}

export function createFaultyNotices(notices: Notices, deliver: Deliver): Notices {
  return {
    ...notices,
    subscribe(listener, missed) {
      let listening = true;
      const unsubscribe = notices.subscribe((notice) => deliver(() => listening && listener(notice)), missed);
      return () => {
        listening = false;
        unsubscribe();
      };
    },
  };
}

export function createFaultyPresence(presence: PresenceBus, deliver: Deliver): PresenceBus {
  return {
    ...presence,
    async subscribe(document, listener) {
      let begun = false;
      let listening = true;
      const unsubscribe = await presence.subscribe(document, (states) => {
        // Who is there is told before the subscription resolves, in every world (R11).
        if (!begun) listener(states);
        else deliver(() => listening && listener(states));
      });
      begun = true;
      return () => {
        listening = false;
        unsubscribe();
      };
    },
  };
}

export function createFaultySnapshots(
  deps: { objects: ObjectStore; commits: SnapshotCommits; clock: Clock },
  pass: Pass,
): SnapshotStore {
  const { objects, commits, clock } = deps;
  return createSnapshotStore({
    objects: {
      ...objects,
      async put(key, bytes) {
        await objects.put(key, bytes);
        await pass('after-upload');
      },
    },
    commits: {
      ...commits,
      async commit(...row) {
        const committed = await commits.commit(...row);
        if (committed) await pass('after-commit');
        return committed;
      },
    },
    clock,
  });
}
