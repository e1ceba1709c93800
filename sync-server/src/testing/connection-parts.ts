// Connections to one document, on a clock that the test advances.
import { newDocumentId, newUserId, type Role } from '@codesync/contract';
import { createSnapshotStore, silentLogger, START } from '@codesync/storage';
import {
  createFakeClock,
  createMemoryDocumentAccess,
  createMemoryObjectStore,
  createMemoryPresenceBus,
  createMemorySnapshotCommits,
  createMemoryUpdateLog,
} from '@codesync/storage/memory';
import type { Admitted } from '../admission.ts';
import { CONNECTION_LIMITS, createConnection, type ConnectionLimits } from '../connection.ts';
import { createDocuments } from '../documents.ts';
import { createRooms } from '../rooms.ts';
import { createTicker } from '../ticker.ts';
import { createFakeSocket } from './fake-socket.ts';
import { createInlineMerger } from './inline-merger.ts';
import { textOf } from './typist.ts';

/** A server in memory without its HTTP, and sockets that arrive at one of its documents. */
export function startConnections() {
  const clock = createFakeClock();
  const logger = silentLogger;
  const log = createMemoryUpdateLog();
  const document = newDocumentId();
  const snapshots = createSnapshotStore({
    objects: createMemoryObjectStore(),
    commits: createMemorySnapshotCommits(),
    clock,
  });
  const documents = createDocuments({ log, snapshots, merger: createInlineMerger(), logger });
  const ticker = createTicker({ clock, logger }, 40);
  const access = createMemoryDocumentAccess();
  access.grant(document, { id: newUserId(), name: 'Ada' }, 'owner');
  const presence = createMemoryPresenceBus({ clock });
  const rooms = createRooms({
    log,
    documents,
    snapshots,
    access,
    presence,
    snapshotter: { noteEdit() {} },
    clock,
    ticker,
    logger,
  });
  const arrive = (limits: Partial<ConnectionLimits> = {}, speaksCodesync = true) => {
    const socket = createFakeSocket();
    const connection = createConnection(
      { socket, clock, ticker, logger },
      { speaksCodesync, limits: { ...CONNECTION_LIMITS, ...limits } },
    );
    async function open(role: Role = 'editor', name = 'Ada'): Promise<void> {
      const user = { id: newUserId(), name };
      const admitted: Admitted = { document, user, role, generation: 'g1', session: undefined };
      connection.open(admitted, await rooms.open(document));
    }
    return { socket, connection, open };
  };
  async function sweep(connection: { sweep(): void }, seconds: number): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 5) {
      await clock.advance(5_000);
      connection.sweep();
    }
  }
  const logged = async () => textOf((await log.read(document, START)).entries.flatMap(({ updates }) => updates));
  return { clock, log, document, presence, rooms, arrive, sweep, logged };
}
