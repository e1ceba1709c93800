// The sync server: takes upgrades of /socket/<documentId>, lets people into rooms, hears notices, and stops without losing an edit (R20).
import { CLOSE, closeCodeOf, Failure, type CloseCode, type Tokens } from '@codesync/contract';
import {
  LogGap,
  SnapshotDamaged,
  type Cancel,
  type Clock,
  type DocumentAccess,
  type Leases,
  type Logger,
  type Notice,
  type Notices,
  type PresenceBus,
  type SessionStore,
  type SnapshotStore,
  type UpdateLog,
} from '@codesync/storage';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer, type RawData, type ServerOptions } from 'ws';
import { createAdmission, readSocketRequest, type SocketRequest } from './admission.ts';
import { CONNECTION_LIMITS, createConnection, type Connection, type ConnectionLimits } from './connection.ts';
import { createDocuments } from './documents.ts';
import { createGuests, type Guest } from './guests.ts';
import { createWorkerMerger } from './merger.ts';
import { createRetentionJob } from './retention-job.ts';
import { createRooms, type RoomsLimits } from './rooms.ts';
import { createSnapshotAlarm } from './snapshot-alarm.ts';
import { createSnapshotSweeper } from './snapshot-sweeper.ts';
import { createSnapshotter } from './snapshotter.ts';
import { fromWebSocket } from './socket.ts';
import { createTicker } from './ticker.ts';
import { createTurns } from './turns.ts';

export interface SyncServerDeps {
  readonly log: UpdateLog;
  readonly presence: PresenceBus;
  readonly notices: Notices;
  readonly leases: Leases;
  readonly snapshots: SnapshotStore;
  readonly sessions: SessionStore;
  readonly access: DocumentAccess;
  readonly tokens: Pick<Tokens, 'verify'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface SyncServerOptions {
  isAllowedOrigin(origin: string): boolean;
  /** Milliseconds from the first unsaved edit to its snapshot, at the latest. */
  readonly snapshotInterval?: number;
  readonly limits?: Partial<ConnectionLimits> & RoomsLimits;
}

export interface SyncServer {
  /** For the HTTP server's 'upgrade' event, for paths below /socket/. Refusals are close codes, after the upgrade. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void;
  /** Rejects with the part that does not answer, and while draining. */
  ready(): Promise<void>;
  /** R20: takes no more sockets, saves, closes those that are open over `window` milliseconds, and lets go of everything. */
  drain(options: { readonly window: number }): Promise<void>;
}

/** Presence is told once in so many milliseconds. */
const TICK = 40;
const SWEEP = 5_000;
/** What a peer or the log may take at the end, in milliseconds, before it is not waited for. */
const FAREWELL = 5_000;
/** What is not saved by then is in the log: the next task that starts finds it there. */
const LAST_SAVE = 15_000;

export function createSyncServer(deps: SyncServerDeps, options: SyncServerOptions): SyncServer {
  const { log, presence, notices, leases, snapshots, sessions, access, tokens, clock, logger } = deps;
  const limits = { ...CONNECTION_LIMITS, ...options.limits };
  const ticker = createTicker({ clock, logger }, TICK);
  const turns = createTurns({ clock });
  const merger = createWorkerMerger({ clock });
  const documents = createDocuments({ log, snapshots, merger, logger });
  const snapshotter = createSnapshotter(
    { log, snapshots, notices, leases, access, merger, clock, logger },
    options.snapshotInterval === undefined ? {} : { interval: options.snapshotInterval },
  );
  const duties = [
    createSnapshotSweeper({ log, snapshotter, leases, clock, logger }),
    createRetentionJob({ snapshots, leases, clock, logger }),
  ];
  const alarm = createSnapshotAlarm({ backlog: () => snapshotter.backlog, clock, logger });
  const rooms = createRooms(
    { log, documents, snapshots, access, presence, snapshotter, clock, ticker, logger },
    limits,
  );
  const admission = createAdmission({
    tokens,
    sessions,
    access,
    clock,
    logger,
    isAllowedOrigin: (origin) => options.isAllowedOrigin(origin),
  });
  const guests = createGuests({ admission, clock, logger });
  const serverOptions: ServerOptions<typeof PoliteWebSocket> & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.messageBytes,
    // Text frames are refused whatever they say.
    skipUTF8Validation: true,
    closeTimeout: FAREWELL,
    WebSocket: PoliteWebSocket,
  };
  const server = new WebSocketServer(serverOptions);
  let draining = false;
  let emptied: (() => void) | undefined;

  const unsubscribe = notices.subscribe(hear, missed);
  let cancelSweep: Cancel = clock.after(SWEEP, sweep);
  for (const duty of duties) duty.start();

  function hear(notice: Notice): void {
    guests.hear(notice);
    if (notice.kind === 'saved') {
      rooms.saved(notice.document, notice);
      snapshotter.saved(notice.document, notice.cursor);
    }
    if (notice.kind === 'edited') snapshotter.noteEdit(notice.document, { cursor: undefined, urgent: false });
    if (notice.kind === 'document-gone') {
      documents.forget(notice.document);
      rooms.gone(notice.document);
    }
  }

  function missed(): void {
    guests.missed();
    rooms.missed();
  }

  function sweep(): void {
    for (const { connection } of guests.all) connection.sweep();
    guests.sweep();
    rooms.sweep();
    alarm.look();
    cancelSweep = clock.after(SWEEP, sweep);
  }

  function accept(webSocket: WebSocket, request: IncomingMessage, stream: Duplex): void {
    const asked = readSocketRequest(request);
    const socket = fromWebSocket(webSocket, stream);
    const connection = createConnection(
      { socket, clock, ticker, logger },
      { speaksCodesync: asked.speaksCodesync, limits },
    );
    const guest = guests.add(connection);
    webSocket.on('message', (data, isBinary) => receive(connection, data, isBinary));
    webSocket.on('pong', () => connection.heard());
    webSocket.on('error', (error) => logger.debug({ error }, 'a socket failed'));
    webSocket.on('close', () => {
      connection.ended();
      guests.remove(guest);
      if (guests.all.size === 0) emptied?.();
    });
    // A large document goes out in parts.
    stream.on('drain', () => turns.request(() => connection.drained()));
    if (draining) connection.close(CLOSE.restarting, 'restarting');
    else void welcome(guest, asked);
  }

  function receive(connection: Connection, data: RawData, isBinary: boolean): void {
    try {
      connection.receive(data as Buffer, isBinary);
    } catch (error) {
      // A defect of ours met by one socket must not end the task for all.
      logger.error({ error }, 'a frame could not be handled');
      connection.close(CLOSE.internal, 'internal error');
    }
  }

  async function welcome(guest: Guest, asked: SocketRequest): Promise<void> {
    const { connection } = guest;
    try {
      let verdict = await admission.admit(asked);
      while (verdict.kind === 'admitted') {
        const { admitted } = verdict;
        const lease = await rooms.open(admitted.document);
        if (!guest.stale) {
          guest.admitted = admitted;
          connection.open(admitted, lease);
          return;
        }
        // A notice came meanwhile, perhaps about this very person.
        guest.stale = false;
        lease.release();
        verdict = await admission.review(admitted);
      }
      connection.close(verdict.refused.code, verdict.refused.reason);
    } catch (error) {
      logger.warn({ document: asked.document, error }, 'a document could not be opened');
      connection.close(codeOf(error), 'the document cannot be opened');
    }
  }

  async function closeAll(window: number): Promise<void> {
    const open = Array.from(guests.all);
    if (open.length === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    emptied = resolve;
    const cancels = open.map(({ connection }, index) =>
      clock.after((window * index) / open.length, () => connection.close(CLOSE.restarting, 'restarting')),
    );
    // ws ends sockets that do not say goodbye by itself.
    await atMost(clock, promise, window + 2 * FAREWELL);
    for (const cancel of cancels) cancel();
  }

  return {
    upgrade(request, stream, head) {
      server.handleUpgrade(request, stream, head, (webSocket) => accept(webSocket, request, stream));
    },
    async ready() {
      if (draining) throw new Error('draining');
      await Promise.all([log.check(), presence.check(), snapshots.check(), access.check()]);
    },
    async drain({ window }) {
      draining = true;
      const relieved = Promise.all(duties.map((duty) => duty.stop()));
      await atMost(clock, snapshotter.drain(), LAST_SAVE);
      await closeAll(window);
      // With the log down this has no end; who wrote it has it still, unacked.
      await atMost(clock, rooms.settled(), FAREWELL);
      await atMost(clock, snapshotter.drain(), LAST_SAVE);
      unsubscribe();
      cancelSweep();
      ticker.stop();
      turns.stop();
      rooms.stop();
      // A store that hangs holds nobody up: what it still does is as safe as what another task does (R4).
      await atMost(clock, Promise.all([relieved, snapshotter.stop()]), FAREWELL);
      await documents.close();
      await merger.close();
    },
  };
}

/** ws says 1009 to a message beyond the limit, before reading it; clients must know that trying again is no use. */
class PoliteWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code === 1009 ? CLOSE.tooLarge : code, reason);
  }
}

function codeOf(error: unknown): CloseCode {
  if (error instanceof Failure) return closeCodeOf(error.code);
  if (error instanceof SnapshotDamaged || error instanceof LogGap) return CLOSE.internal;
  return CLOSE.unavailable;
}

async function atMost(clock: Clock, awaited: Promise<unknown>, milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(milliseconds, resolve);
  await Promise.race([awaited, promise]);
  cancel();
}
