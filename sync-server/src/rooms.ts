// The rooms of this task: opened once however many come at the same time, shared, let go when the last connection has left and what was written is kept.
import { newUserId, type DocumentId } from '@codesync/contract';
import type {
  Cancel,
  Clock,
  DocumentAccess,
  Logger,
  PresenceBus,
  SnapshotReach,
  SnapshotStore,
  UpdateLog,
} from '@codesync/storage';
import { createByteBudget, type ByteBudget } from './byte-budget.ts';
import type { Documents } from './documents.ts';
import { createLanes } from './lanes.ts';
import { createPresence } from './presence.ts';
import { createRoomChecks, type RoomChecks } from './room-checks.ts';
import { createRoom, type Member, type Room } from './room.ts';
import type { Snapshotter } from './snapshotter.ts';
import type { Ticker } from './ticker.ts';

export interface Rooms extends Pick<RoomChecks, 'sweep' | 'missed'> {
  /** The document's room, loaded and listening. Rejects as Documents.open and the ports do. */
  open(document: DocumentId): Promise<RoomLease>;
  /** A snapshot was committed. */
  saved(document: DocumentId, reach: SnapshotReach): void;
  /** To the trash, or deleted for good: its room waits for nothing when all have left. */
  gone(document: DocumentId): void;
  readonly size: number;
  /** Resolves when what was accepted is in the log. */
  settled(): Promise<void>;
  /** Lets go of everything, also of what the log did not take. */
  stop(): void;
}

export interface RoomLease {
  readonly room: Room;
  /** Twice is harmless. */
  release(): void;
}

export interface RoomsDeps {
  readonly log: UpdateLog;
  readonly documents: Pick<Documents, 'open' | 'release'>;
  readonly snapshots: Pick<SnapshotStore, 'reach' | 'load'>;
  readonly access: Pick<DocumentAccess, 'find'>;
  readonly presence: PresenceBus;
  readonly snapshotter: Pick<Snapshotter, 'noteEdit'>;
  readonly clock: Clock;
  readonly ticker: Ticker;
  readonly logger: Logger;
}

export interface RoomsLimits {
  readonly maxDocumentBytes?: number;
  /** Bytes of updates that wait for the log: of one document, and of this task. */
  readonly waitingBytes?: number;
  readonly allWaitingBytes?: number;
}

/** Twice the largest message: an offline day, and what is typed while it waits. */
const WAITING_BYTES = 32 * 1024 * 1024;
const ALL_WAITING_BYTES = 256 * 1024 * 1024;

/**
 * How long a room that everyone has left holds what is logged and in no snapshot, in milliseconds: should the log lose it (R7),
 * its authors are not there to send it again. Snapshots take seconds; while they fail it cannot wait for ever.
 */
const LINGER = 30_000;

/** Whole documents that are read at a time when logs were lost: all rooms find that out in the same moment. */
const HEALINGS = 8;

interface Opened {
  users: number;
  /** The latest that was heard while the room was loading. */
  saved: SnapshotReach | undefined;
  readonly loading: Promise<Room>;
  room: Room | undefined;
  /** Everyone has left, what was accepted is logged, and not all of it is durable. */
  lingering: Cancel | undefined;
  gone: boolean;
  readonly undo: (() => void)[];
  readonly closed: PromiseWithResolvers<void>;
}

export function createRooms(deps: RoomsDeps, limits: RoomsLimits = {}): Rooms {
  const { log, documents, snapshots, access, presence: bus, clock, ticker, logger } = deps;
  const opened = new Map<DocumentId, Opened>();
  const allWaiting = createByteBudget(limits.allWaitingBytes ?? ALL_WAITING_BYTES);
  const waiting = (): ByteBudget => createByteBudget(limits.waitingBytes ?? WAITING_BYTES, allWaiting);
  const lanes = createLanes(HEALINGS);
  const checks = createRoomChecks({ rooms: loadedRooms, snapshots, clock, logger });

  function* loadedRooms(): Iterable<Room> {
    for (const { room } of opened.values()) if (room !== undefined) yield room;
  }

  function begin(document: DocumentId): Opened {
    const loaded = Promise.withResolvers<Room>();
    const entry: Opened = {
      users: 0,
      saved: undefined,
      loading: loaded.promise,
      room: undefined,
      lingering: undefined,
      gone: false,
      undo: [],
      closed: Promise.withResolvers(),
    };
    opened.set(document, entry);
    load(document, entry).then(loaded.resolve, (error: unknown) => {
      // Whoever comes next tries anew.
      forget(document, entry);
      loaded.reject(error);
    });
    return entry;
  }

  async function load(document: DocumentId, entry: Opened): Promise<Room> {
    const members = new Set<Member>();
    const presence = createPresence({ document, bus, clock, ticker, logger, members: () => members });
    entry.undo.push(
      await log.subscribe(
        document,
        (heard) => entry.room?.hear(heard),
        () => {
          if (entry.room === undefined) return;
          entry.room.missed();
          checks.doubt(entry.room);
        },
      ),
    );
    // After listening has begun, so that nothing lies between what is read and what is heard.
    const hot = await documents.open(document);
    entry.undo.push(() => documents.release(document));
    entry.undo.push(await bus.subscribe(document, (states) => presence.hear(states)));
    const head = await snapshots.reach(document);
    const room = createRoom(
      {
        document,
        hot,
        head,
        log,
        snapshots,
        clock,
        logger,
        lanes,
        budget: waiting(),
        members,
        presence,
        noteEdit: (edited, how) => deps.snapshotter.noteEdit(edited, how),
        isThere,
        done() {
          if (entry.lingering !== undefined) forget(document, entry);
        },
      },
      limits,
    );
    entry.undo.push(() => room.stop());
    entry.room = room;
    // From now on it hears; what came before it reads.
    await room.begin();
    if (entry.saved !== undefined) room.saved(entry.saved);
    return room;
  }

  async function isThere(document: DocumentId): Promise<boolean> {
    // Nobody in particular asks.
    return (await access.find(document, newUserId())).kind !== 'not-found';
  }

  function forget(document: DocumentId, entry: Opened): void {
    if (opened.get(document) === entry) opened.delete(document);
    entry.lingering?.();
    entry.lingering = undefined;
    for (const undo of entry.undo.splice(0).toReversed()) undo();
    entry.closed.resolve();
  }

  /** An edit that was taken goes into the log, whoever is still there to see it, and is watched over until a snapshot holds it. */
  async function closeWhenKept(document: DocumentId, entry: Opened): Promise<void> {
    const { room } = entry;
    await room?.settled();
    if (entry.users > 0 || entry.lingering !== undefined || opened.get(document) !== entry) return;
    if (room === undefined || room.condemned || room.isDurable || entry.gone) forget(document, entry);
    else entry.lingering = clock.after(LINGER, () => forget(document, entry));
  }

  function lease(document: DocumentId, entry: Opened, room: Room): RoomLease {
    let released = false;
    return {
      room,
      release() {
        if (released) return;
        released = true;
        entry.users -= 1;
        if (entry.users === 0) void closeWhenKept(document, entry);
      },
    };
  }

  return {
    async open(document) {
      for (let known = opened.get(document); known?.room?.condemned === true; known = opened.get(document)) {
        await known.closed.promise;
      }
      const entry = opened.get(document) ?? begin(document);
      entry.users += 1;
      entry.lingering?.();
      entry.lingering = undefined;
      entry.gone = false;
      return lease(document, entry, await entry.loading);
    },
    saved(document, reach) {
      const entry = opened.get(document);
      if (entry === undefined) return;
      if (entry.room === undefined) entry.saved = reach;
      else entry.room.saved(reach);
    },
    gone(document) {
      const entry = opened.get(document);
      if (entry === undefined) return;
      entry.gone = true;
      if (entry.lingering !== undefined) forget(document, entry);
    },
    sweep: () => checks.sweep(),
    missed: () => checks.missed(),
    get size() {
      return opened.size;
    },
    async settled() {
      await Promise.all(Array.from(opened.values(), async (entry) => entry.room?.settled()));
    },
    stop() {
      for (const [document, entry] of Array.from(opened)) forget(document, entry);
    },
  };
}
