// The rooms of this task: opened once however many come at the same time, shared, let go when the last connection has left.
import type { DocumentId } from '@codesync/contract';
import {
  compareCursors,
  START,
  type Clock,
  type Cursor,
  type LogEntry,
  type Logger,
  type PresenceBus,
  type SnapshotStore,
  type UpdateLog,
} from '@codesync/storage';
import { createByteBudget, type ByteBudget } from './byte-budget.ts';
import type { Documents } from './documents.ts';
import { createPresence } from './presence.ts';
import { createRoom, type Member, type Room } from './room.ts';
import type { Snapshotter } from './snapshotter.ts';
import type { Ticker } from './ticker.ts';

export interface Rooms {
  /** The document's room, loaded and listening. Rejects as Documents.open and the ports do. */
  open(document: DocumentId): Promise<RoomLease>;
  /** A snapshot up to this cursor was committed. */
  saved(document: DocumentId, cursor: Cursor): void;
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
  readonly documents: Documents;
  readonly snapshots: Pick<SnapshotStore, 'head'>;
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

interface Opened {
  users: number;
  /** Heard while the room was loading. */
  savedTo: Cursor;
  readonly loading: Promise<Room>;
  room: Room | undefined;
  readonly undo: (() => void)[];
  readonly closed: PromiseWithResolvers<void>;
}

export function createRooms(deps: RoomsDeps, limits: RoomsLimits = {}): Rooms {
  const { log, documents, snapshots, presence: bus, clock, ticker, logger } = deps;
  const opened = new Map<DocumentId, Opened>();
  const allWaiting = createByteBudget(limits.allWaitingBytes ?? ALL_WAITING_BYTES);
  const waiting = (): ByteBudget => createByteBudget(limits.waitingBytes ?? WAITING_BYTES, allWaiting);

  function begin(document: DocumentId): Opened {
    const loaded = Promise.withResolvers<Room>();
    const entry: Opened = {
      users: 0,
      savedTo: START,
      loading: loaded.promise,
      room: undefined,
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
    // The newest is enough: what is missing before it is read from the log.
    let newest: LogEntry | undefined;
    entry.undo.push(
      await log.subscribe(document, (heard) => {
        if (entry.room !== undefined) entry.room.hear(heard);
        else if (newest === undefined || compareCursors(heard.cursor, newest.cursor) > 0) newest = heard;
      }),
    );
    // After listening has begun, so that nothing lies between what is read and what is heard.
    const hot = await documents.open(document);
    entry.undo.push(() => documents.release(document));
    entry.undo.push(await bus.subscribe(document, (states) => presence.hear(states)));
    const head = await snapshots.head(document);
    const saved = head?.cursor ?? START;
    const room = createRoom(
      {
        document,
        hot,
        savedTo: compareCursors(saved, entry.savedTo) > 0 ? saved : entry.savedTo,
        log,
        clock,
        logger,
        budget: waiting(),
        members,
        presence,
        noteEdit: (edited, how) => deps.snapshotter.noteEdit(edited, how),
      },
      limits,
    );
    entry.undo.push(() => room.stop());
    entry.room = room;
    if (newest !== undefined) room.hear(newest);
    return room;
  }

  function forget(document: DocumentId, entry: Opened): void {
    if (opened.get(document) === entry) opened.delete(document);
    for (const undo of entry.undo.splice(0).toReversed()) undo();
    entry.closed.resolve();
  }

  async function closeWhenSettled(document: DocumentId, entry: Opened): Promise<void> {
    await entry.room?.settled();
    if (entry.users === 0) forget(document, entry);
  }

  function lease(document: DocumentId, entry: Opened, room: Room): RoomLease {
    let released = false;
    return {
      room,
      release() {
        if (released) return;
        released = true;
        entry.users -= 1;
        // An edit that was taken goes into the log, whoever is still there to see it.
        if (entry.users === 0) void closeWhenSettled(document, entry);
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
      return lease(document, entry, await entry.loading);
    },
    saved(document, cursor) {
      const entry = opened.get(document);
      if (entry === undefined) return;
      if (entry.room !== undefined) entry.room.saved(cursor);
      else if (compareCursors(cursor, entry.savedTo) > 0) entry.savedTo = cursor;
    },
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
