import { newDocumentId, newUserId } from '@codesync/contract';
import { parseCursor, silentLogger, START, type LogEntry, type UpdateLog } from '@codesync/storage';
import { createFakeClock, createMemoryPresenceBus, createMemoryUpdateLog } from '@codesync/storage/memory';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Documents } from './documents.ts';
import { createHotDocument } from './hot-document.ts';
import type { Member } from './room.ts';
import { createRooms } from './rooms.ts';
import { createTypist, textOf } from './testing/typist.ts';
import { createTicker } from './ticker.ts';
import { summarize } from './yjs/update-summary.ts';

function start(options: { log?: (log: UpdateLog) => UpdateLog } = {}) {
  const clock = createFakeClock();
  const logger = silentLogger;
  const memory = createMemoryUpdateLog();
  const opened = { times: 0, released: 0 };
  let gate = Promise.resolve();
  const documents: Documents = {
    async open() {
      opened.times += 1;
      await gate;
      return createHotDocument({ cursor: START });
    },
    release: () => void (opened.released += 1),
    async close() {},
  };
  const rooms = createRooms({
    log: options.log?.(memory) ?? memory,
    documents,
    snapshots: { head: async () => undefined },
    presence: createMemoryPresenceBus(),
    snapshotter: { noteEdit() {} },
    clock,
    ticker: createTicker({ clock, logger }, 40),
    logger,
  });
  return { clock, log: memory, rooms, opened, hold: (until: Promise<void>) => void (gate = until) };
}

const member = (got: Uint8Array[] = []): Member => ({
  user: { id: newUserId(), name: 'Ada' },
  role: 'editor',
  tellPresence() {},
  deliver: (frames) => void got.push(...frames),
  logged() {},
  saved() {},
  askAgain() {},
  close() {},
});

describe('rooms', () => {
  it('however many come at the same time, a document is loaded once and its room shared', async () => {
    const { rooms, opened } = start();
    const document = newDocumentId();
    const leases = await Promise.all(Array.from({ length: 20 }, () => rooms.open(document)));
    expect(opened.times).toBe(1);
    expect(new Set(leases.map(({ room }) => room)).size).toBe(1);
  });

  it('the last to leave lets the document go; leaving twice counts once', async () => {
    const { rooms, opened } = start();
    const document = newDocumentId();
    const [one, two] = await Promise.all([rooms.open(document), rooms.open(document)]);
    one.release();
    one.release();
    await nextTurn();
    expect([rooms.size, opened.released]).toEqual([1, 0]);
    two.release();
    await nextTurn();
    expect([rooms.size, opened.released]).toEqual([0, 1]);
  });

  it('R2: an edit that was taken is logged also when its author has left, and the room waits for it', async () => {
    const { clock, log, rooms } = start();
    const document = newDocumentId();
    const lease = await rooms.open(document);
    const update = createTypist().type('goodbye');
    log.fail(new Error('down'));
    lease.room.submit(member(), 1, update, summarize(update));
    lease.release();
    await clock.advance(1_000);
    expect(rooms.size).toBe(1);
    log.heal();
    await clock.advance(5_000);
    expect(rooms.size).toBe(0);
    const { entries } = await log.read(document, START);
    expect(textOf(entries.flatMap(({ updates }) => updates))).toBe('goodbye');
  });

  it('what is logged while a document loads is not missed', async () => {
    const { log, rooms, hold } = start();
    const document = newDocumentId();
    const loaded = Promise.withResolvers<void>();
    hold(loaded.promise);
    const opening = rooms.open(document);
    await nextTurn();
    for (const text of ['a', 'b', 'c']) await log.append(document, [createTypist().type(text)]);
    loaded.resolve();
    const { room } = await opening;
    await nextTurn();
    expect(textOf(room.source.updatesFor(Uint8Array.of(0))).length).toBe(3);
  });

  it('R1: a snapshot that is committed while a document loads counts', async () => {
    const { rooms, hold } = start();
    const document = newDocumentId();
    const loaded = Promise.withResolvers<void>();
    hold(loaded.promise);
    const opening = rooms.open(document);
    rooms.saved(document, parseCursor('7-0'));
    loaded.resolve();
    expect((await opening).room.savedTo).toBe('7-0');
  });

  it('a failed load is everyone’s failure, holds nothing, and the next one tries anew', async () => {
    let subscribed = 0;
    const { log, rooms, opened, hold } = start({
      log: (memory) => ({
        ...memory,
        async subscribe(document, listener: (entry: LogEntry) => void) {
          const unsubscribe = await memory.subscribe(document, listener);
          subscribed += 1;
          return () => {
            subscribed -= 1;
            unsubscribe();
          };
        },
      }),
    });
    const document = newDocumentId();
    hold(Promise.reject(new Error('store down')));
    const results = await Promise.allSettled([rooms.open(document), rooms.open(document)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([rooms.size, subscribed]).toEqual([0, 0]);
    hold(Promise.resolve());
    await rooms.open(document);
    expect(opened.times).toBe(2);
    await log.close();
  });

  it('R3: who comes after a room was condemned gets a room that is loaded anew', async () => {
    const { log, rooms, opened } = start();
    const document = newDocumentId();
    const old = await rooms.open(document);
    old.room.join({ ...member(), close: () => old.release() });
    await log.append(document, [Uint8Array.of(9, 9, 9)]);
    expect(old.room.condemned).toBe(true);
    const next = await rooms.open(document);
    expect(next.room).not.toBe(old.room);
    expect(opened.times).toBe(2);
  });
});
