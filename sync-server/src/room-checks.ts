// What is looked at again although nobody said that it changed: a push, or a notice, may be lost without a word.
import type { Clock, Logger, SnapshotStore } from '@codesync/storage';
import type { Room } from './room.ts';

export type CheckedRoom = Pick<Room, 'document' | 'verify' | 'verifiedAt' | 'saved' | 'unsavedSince'>;

export interface RoomChecks {
  /** To be called every few seconds: looks at a share of the rooms. */
  sweep(): void;
  /** Notices may have been missed: looks which snapshots were committed meanwhile. */
  missed(): void;
  /** This room's log may have lost something, and a snapshot may hold it. */
  doubt(room: CheckedRoom): void;
}

/** A room whose pushes stopped coming, or whose log was lost, finds it out within about this time. In milliseconds. */
const VERIFY_AFTER = 30_000;
/** Edits are saved within seconds: by then the notice was lost, or snapshots fail. */
const ASK_AFTER = 15_000;
/** The same where nobody waits for it. What a log lost that nobody here had heard of may be in a snapshot. */
const ASK_ALL_AFTER = 5 * 60_000;
/** With a sweep every 5 s all rooms have their turn within VERIFY_AFTER, and not in one moment. */
const SHARE = 1 / 6;
const SMALLEST_SHARE = 20;
/** Questions at a time to the log, and to the database. */
const CONCURRENCY = 16;

export function createRoomChecks(deps: {
  rooms(): Iterable<CheckedRoom>;
  snapshots: Pick<SnapshotStore, 'reach'>;
  clock: Clock;
  logger: Logger;
}): RoomChecks {
  const { snapshots, clock, logger } = deps;
  const askedAt = new WeakMap<CheckedRoom, number>();

  const verify = createRound((room) => room.verify(), 'places in the log could not be verified');
  const ask = createRound(async (room) => {
    askedAt.set(room, clock.now());
    const head = await snapshots.reach(room.document);
    if (head !== undefined) room.saved(head);
  }, 'newest snapshots could not be asked for');

  /** So many at a time, of which each stops when it fails: the next sweep goes on where they were. */
  function createRound(
    job: (room: CheckedRoom) => Promise<void>,
    failure: string,
  ): (rooms: Iterable<CheckedRoom>) => void {
    const waiting = new Set<CheckedRoom>();
    let running = false;

    async function work(): Promise<void> {
      for (const room of waiting) {
        waiting.delete(room);
        try {
          await job(room);
        } catch (error) {
          waiting.add(room);
          throw error;
        }
      }
    }

    async function run(): Promise<void> {
      running = true;
      const ends = await Promise.allSettled(Array.from({ length: CONCURRENCY }, work));
      running = false;
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed !== undefined) logger.warn({ error: failed.reason as unknown }, failure);
    }

    return (rooms) => {
      for (const room of rooms) waiting.add(room);
      if (!running && waiting.size > 0) void run();
    };
  }

  function isToBeAsked(room: CheckedRoom, now: number): boolean {
    const asked = askedAt.get(room);
    if (asked === undefined) {
      // Asked on opening.
      askedAt.set(room, now);
      return false;
    }
    if (room.unsavedSince === undefined) return now - asked >= ASK_ALL_AFTER;
    return now - Math.max(room.unsavedSince, asked) >= ASK_AFTER;
  }

  return {
    sweep() {
      const now = clock.now();
      const rooms = Array.from(deps.rooms());
      const share = Math.max(SMALLEST_SHARE, Math.ceil(rooms.length * SHARE));
      verify(rooms.filter((room) => now - room.verifiedAt >= VERIFY_AFTER).slice(0, share));
      ask(rooms.filter((room) => isToBeAsked(room, now)).slice(0, share));
    },
    missed: () => ask(deps.rooms()),
    doubt: (room) => ask([room]),
  };
}
