import { newDocumentId, newUserId } from '@codesync/contract';
import { silentLogger, START, type LogEntry, type UpdateLog } from '@codesync/storage';
import {
  createFakeClock,
  createMemoryDocumentAccess,
  createMemoryPresenceBus,
  createMemoryUpdateLog,
} from '@codesync/storage/memory';
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
  const documents: Pick<Documents, 'open' | 'release'> = {
    async open() {
      opened.times += 1;
      await gate;
      return createHotDocument({ place: START });
    },
    release: () => void (opened.released += 1),
  };
  const rooms = createRooms({
    log: options.log?.(memory) ?? memory,
    documents,
    snapshots: { reach: async () => undefined, load: async () => undefined },
    access: createMemoryDocumentAccess(),
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
  moved() {},
  isLive: true,
  askAgain() {},
  askForLost() {},
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

  it('R2, R7: an edit is logged also when its author has left, and its room stays until a snapshot holds it', async () => {
    const { clock, log, rooms } = start();
    const document = newDocumentId();
    const lease = await rooms.open(document);
    const update = createTypist().type('goodbye');
    log.fail(new Error('down'));
    lease.room.submit(member(), 1, update, summarize(update));
    lease.release();
    await clock.advance(60_000);
    expect(rooms.size).toBe(1);
    log.heal();
    await clock.advance(5_000);
    const { entries, last } = await log.read(document, START);
    expect(textOf(entries.flatMap(({ updates }) => updates))).toBe('goodbye');
    expect(rooms.size).toBe(1);
    rooms.saved(document, { cursor: last, previous: undefined });
    expect(rooms.size).toBe(0);
    expect(clock.pending()).toBe(0);
  });

  it('R7, R16: while snapshots fail a room that everyone has left stays for half a minute, and for who comes back', async () => {
    const { clock, rooms } = start();
    const document = newDocumentId();
    const lease = await rooms.open(document);
    const update = createTypist().type('unsaved');
    lease.room.submit(member(), 1, update, summarize(update));
    lease.release();
    await clock.advance(20_000);
    const back = await rooms.open(document);
    expect(back.room).toBe(lease.room);
    await clock.advance(20_000);
    expect(rooms.size).toBe(1);
    back.release();
    await clock.advance(20_000);
    expect(rooms.size).toBe(1);
    await clock.advance(10_000);
    expect(rooms.size).toBe(0);
  });

  it('a room whose document was deleted waits for nothing', async () => {
    const { clock, rooms } = start();
    const document = newDocumentId();
    const lease = await rooms.open(document);
    const update = createTypist().type('unsaved');
    lease.room.submit(member(), 1, update, summarize(update));
    await clock.advance(0);
    rooms.gone(document);
    lease.release();
    await clock.advance(0);
    expect([rooms.size, clock.pending()]).toEqual([0, 0]);
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
    const { log, rooms, hold } = start();
    const document = newDocumentId();
    const { cursor } = await log.append(document, [createTypist().type('a')]);
    const loaded = Promise.withResolvers<void>();
    hold(loaded.promise);
    const opening = rooms.open(document);
    rooms.saved(document, { cursor, previous: undefined });
    loaded.resolve();
    const { room } = await opening;
    expect([room.savedTo, room.isDurable]).toEqual([1, true]);
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
    await expect(rooms.open(document)).rejects.toThrow('malformed');
    await log.remove(document);
    const next = await rooms.open(document);
    expect(next.room).not.toBe(old.room);
    expect(opened.times).toBe(3);
  });
});
