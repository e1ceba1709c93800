// Tasks over one log, one store of snapshots and one set of notices, on a clock that the test advances, with people who are in them.
import { newDocumentId, newUserId, type SnapshotId } from '@codesync/contract';
import {
  createSnapshotStore,
  readDocument,
  silentLogger,
  START,
  type DocumentState,
  type SnapshotStore,
  type UpdateLog,
} from '@codesync/storage';
import {
  createFakeClock,
  createMemoryDocumentAccess,
  createMemoryNotices,
  createMemoryObjectStore,
  createMemoryPresenceBus,
  createMemorySnapshotCommits,
} from '@codesync/storage/memory';
import { createConnection } from '../connection.ts';
import { createDocuments } from '../documents.ts';
import { createHotDocument, hotDocumentOf, type HotDocument } from '../hot-document.ts';
import { createRooms, type Rooms } from '../rooms.ts';
import { snapshotDocument } from '../snapshot-job.ts';
import { createTicker } from '../ticker.ts';
import { createInlineMerger } from './inline-merger.ts';
import { createPerson, type Entrance, type Person } from './person.ts';
import { textOf } from './typist.ts';

export interface Task extends Entrance {
  readonly rooms: Rooms;
  /** What the server does every few seconds. */
  sweep(): void;
  /** kill -9: nobody is told anything. */
  kill(): void;
}

export function createTasks<Log extends UpdateLog>(log: Log) {
  const clock = createFakeClock();
  const logger = silentLogger;
  const document = newDocumentId();
  const access = createMemoryDocumentAccess();
  access.grant(document, { id: newUserId(), name: 'Ada' }, 'owner');
  const notices = createMemoryNotices();
  const presence = createMemoryPresenceBus();
  const merger = createInlineMerger();
  const commits = createMemorySnapshotCommits();
  const states = new Map<SnapshotId, DocumentState>();
  let committed: DocumentState | undefined;
  // Compressing happens on other threads, which the clock does not wait for.
  const snapshots: SnapshotStore = {
    ...createSnapshotStore({ objects: createMemoryObjectStore(), commits, clock }),
    async load(name) {
      const row = await commits.head(name);
      const state = row && states.get(row.id);
      return row && state && { ...row, state };
    },
    async save(name, previous, cursor, state) {
      const id = `${states.size}` as SnapshotId;
      states.set(id, state);
      const row = { id, cursor, bytes: state.update.byteLength, createdAt: clock.now() };
      if (!(await commits.commit(name, previous, row))) return undefined;
      committed = state;
      return row;
    },
  };

  function start(own: UpdateLog = log): Task {
    const documents = createDocuments({ log: own, snapshots, merger, logger });
    const ticker = createTicker({ clock, logger }, 40);
    const snapshotter = { noteEdit() {} };
    const rooms = createRooms({
      log: own,
      documents,
      snapshots,
      access,
      presence: presence.connect(),
      snapshotter,
      clock,
      ticker,
      logger,
    });
    let alive = true;
    const unsubscribe = notices.subscribe(
      (notice) => {
        if (notice.kind === 'saved') rooms.saved(notice.document, notice);
        if (notice.kind === 'document-gone') rooms.gone(notice.document);
      },
      () => rooms.missed(),
    );
    return {
      rooms,
      sweep: () => rooms.sweep(),
      async accept(socket) {
        const lease = await rooms.open(document);
        if (!alive) throw new Error('the task is dead');
        const connection = createConnection({ socket, clock, ticker, logger }, { speaksCodesync: true });
        const user = { id: newUserId(), name: 'Ada' };
        connection.open({ document, user, role: 'editor', generation: 'g1', session: undefined }, lease);
        return connection;
      },
      kill() {
        alive = false;
        unsubscribe();
        rooms.stop();
      },
    };
  }

  /** As a snapshotter does, on whichever task. */
  const snapshot = () => snapshotDocument(document, { log, snapshots, notices, merger, logger });

  /** What a task that has heard nothing makes of log and store. */
  const cold = async (): Promise<HotDocument> => hotDocumentOf(await readDocument(document, log, snapshots));

  /** What the newest snapshot holds, also while nobody can ask for it. */
  const saved = (): HotDocument => createHotDocument({ place: START, ...(committed && { state: committed }) });

  const coldText = async () => textOf((await cold()).updatesFor(Uint8Array.of(0)));
  const entries = async () => (await log.read(document, START)).entries;

  /** New people, one on each of these tasks. */
  async function arrive<const At extends readonly Task[]>(...at: At): Promise<{ [Index in keyof At]: Person }> {
    const people = at.map(() => createPerson());
    for (const [index, task] of at.entries()) await people[index]?.open(task);
    await clock.advance(0);
    return people as { [Index in keyof At]: Person };
  }

  async function write(person: Person, ...texts: string[]): Promise<void> {
    for (const text of texts) {
      person.type(text);
      await clock.advance(0);
    }
  }

  return {
    clock,
    log,
    document,
    access,
    notices,
    commits,
    start,
    snapshot,
    cold,
    saved,
    coldText,
    entries,
    arrive,
    write,
  };
}
