// Random and mutated frames: they crash nothing, poison no document, and leave memory where it was.
import { newDocumentId, newUserId, TEXT_NAME, type DocumentId } from '@codesync/contract';
import { createSnapshotStore, silentLogger, START } from '@codesync/storage';
import {
  createFakeClock,
  createMemoryDocumentAccess,
  createMemoryObjectStore,
  createMemoryPresenceBus,
  createMemorySnapshotCommits,
  createMemoryUpdateLog,
} from '@codesync/storage/memory';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import type { Admitted } from '../src/admission.ts';
import { createConnection, type Connection } from '../src/connection.ts';
import { createDocuments } from '../src/documents.ts';
import { createInlineMerger } from '../src/testing/inline-merger.ts';
import { createRooms } from '../src/rooms.ts';
import { createFakeSocket, type FakeSocket } from '../src/testing/fake-socket.ts';
import { awarenessFrame, createTypist, syncFrame, updateFrameOf } from '../src/testing/typist.ts';
import { createTicker } from '../src/ticker.ts';
import { createParts, startTestServer } from './test-server.ts';

const FRAMES = 100_000;
const SEED = 20_261_120;

/** mulberry32. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Random = ReturnType<typeof createRandom>;

/** Frames of people who type, delete, format, embed, select and come back. */
function honestFrames(): Uint8Array[] {
  const frames: Uint8Array[] = [Uint8Array.of(3), Uint8Array.of(114), syncFrame(0, Uint8Array.of(0))];
  for (const clientId of [1, 2 ** 31, 2 ** 32 - 1]) {
    const typist = createTypist(clientId);
    for (const text of ['hello', 'naïve 🦄\n', 'a\r\nb', 'x'.repeat(300)])
      frames.push(updateFrameOf(typist.type(text)));
    frames.push(
      updateFrameOf(typist.edit((text) => text.delete(2, 6))),
      updateFrameOf(typist.edit((text) => text.format(0, 2, { bold: true }))),
      updateFrameOf(typist.edit((text) => text.insertEmbed(1, { image: 'x' }))),
      updateFrameOf(typist.edit((text) => text.doc?.getMap('m').set('k', [1, 'two', { three: 3 }, null]))),
      updateFrameOf(
        typist.edit((text) => text.doc?.getArray('a').insert(0, [new Y.Text('nested'), new Uint8Array(9)])),
      ),
      typist.step1(),
      typist.step2(Uint8Array.of(0)),
      awarenessFrame({ clientId, clock: 1, state: { user: { name: 'x', color: '#123456' }, selection: null } }),
      awarenessFrame({ clientId, clock: 2, state: null }, { clientId: 5, clock: 2 ** 52, state: { a: [] } }),
    );
  }
  return frames;
}

function mutate(frame: Uint8Array, random: Random): Uint8Array {
  const bytes = Array.from(frame);
  const at = random(bytes.length + 1);
  switch (random(6)) {
    case 0:
      return Uint8Array.from({ length: random(60) }, () => random(256));
    case 1:
      return frame.slice(0, at);
    case 2:
      bytes[at] = random(256);
      break;
    case 3:
      bytes.splice(at, 0, ...Array.from({ length: 1 + random(8) }, () => (random(2) === 0 ? 0xff : random(256))));
      break;
    case 4:
      bytes.splice(at, random(8), ...bytes.slice(random(bytes.length + 1), random(bytes.length + 1)));
      break;
    default:
      for (let i = 0; i < 4; i++) bytes[random(bytes.length)] = random(256);
  }
  return Uint8Array.from(bytes);
}

function begin() {
  const clock = createFakeClock();
  const logger = silentLogger;
  const log = createMemoryUpdateLog();
  const snapshots = createSnapshotStore({
    objects: createMemoryObjectStore(),
    commits: createMemorySnapshotCommits(),
    clock,
  });
  const documents = createDocuments({ log, snapshots, merger: createInlineMerger(), logger });
  const ticker = createTicker({ clock, logger }, 40);
  const presence = createMemoryPresenceBus();
  const noteEdit = (): void => {};
  const rooms = createRooms({
    log,
    documents,
    snapshots,
    access: createMemoryDocumentAccess(),
    presence,
    snapshotter: { noteEdit },
    clock,
    ticker,
    logger,
  });
  return {
    clock,
    log,
    rooms,
    connect: async (document: DocumentId): Promise<{ connection: Connection; socket: FakeSocket }> => {
      const socket = createFakeSocket();
      const connection = createConnection({ socket, clock, ticker, logger }, { speaksCodesync: true });
      const admitted: Admitted = {
        document,
        user: { id: newUserId(), name: 'Eve' },
        role: 'editor',
        generation: '1',
        session: undefined,
      };
      connection.open(admitted, await rooms.open(document));
      return { connection, socket };
    },
  };
}

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

function memory(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

it(
  `100,000 random and mutated frames crash nothing, poison no document and leave memory where it was (seed ${SEED})`,
  { timeout: 60_000 },
  async () => {
    const random = createRandom(SEED);
    const honest = honestFrames();
    const { log, rooms, connect, clock } = begin();
    const closedWith = new Map<number, number>();
    let before = 0;

    for (let round = 0; round < 20; round++) {
      const document = newDocumentId();
      let { connection, socket } = await connect(document);
      for (let i = 0; i < FRAMES / 20; i++) {
        const frame = honest[random(honest.length)] ?? Uint8Array.of();
        connection.receive(random(10) === 0 ? frame : mutate(frame, random), random(500) > 0);
        if (socket.closed !== undefined) {
          closedWith.set(socket.closed, (closedWith.get(socket.closed) ?? 0) + 1);
          ({ connection, socket } = await connect(document));
        }
        if (i % 50 === 0) await nextTurn();
      }
      connection.ended();
      // Nobody makes snapshots here: the room stays as long as it may.
      await clock.advance(30_000);
      await vi.waitFor(() => expect(rooms.size).toBe(0));

      const doc = new Y.Doc();
      for (const entry of (await log.read(document, START, Infinity)).entries) {
        for (const update of entry.updates) Y.applyUpdate(doc, update);
      }
      expect(doc.getText(TEXT_NAME).length).toBeGreaterThanOrEqual(0);
      doc.destroy();
      await log.remove(document);
      // The first round warms up: code is compiled, pools are filled.
      if (round === 0) before = memory();
    }

    expect(memory() - before).toBeLessThan(20);
    expect([...closedWith.keys()]).toEqual([4400]);
    expect(closedWith.get(4400)).toBeGreaterThan(FRAMES / 20);
  },
);

it('through real sockets they close their own socket alone', { timeout: 60_000 }, async () => {
  const random = createRandom(SEED + 1);
  const honest = honestFrames();
  const parts = createParts();
  const server = await startTestServer(parts);
  const ada = await parts.person('Ada');
  const ben = await parts.person('Ben');
  const document = parts.document([ada, 'owner'], [ben, 'editor']);
  const witness = server.stock(ada, document);
  await vi.waitFor(() => expect(witness.provider.synced).toBe(true));
  const ws = witness.provider.ws;
  const codes = new Set<number>();
  for (let i = 0; i < 300; i++) {
    const client = await server.bare(ben, document);
    for (let j = 0; j < 10; j++) client.send(mutate(honest[random(honest.length)] ?? Uint8Array.of(), random));
    client.send('the end');
    codes.add(await client.closed);
  }
  expect([...codes]).toEqual([4400]);
  expect(witness.provider.ws).toBe(ws);
  const late = server.stock(ada, document);
  await vi.waitFor(() => expect(late.provider.synced).toBe(true));
  await vi.waitFor(() => expect(late.text.toString()).toBe(witness.text.toString()));
});
