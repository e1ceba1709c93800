import { CLOSE, newDocumentId, newUserId, type CloseCode } from '@codesync/contract';
import { createSnapshotStore, silentLogger, START, type Cursor, type SnapshotReach } from '@codesync/storage';
import {
  createFakeClock,
  createMemoryObjectStore,
  createMemorySnapshotCommits,
  createMemoryUpdateLog,
} from '@codesync/storage/memory';
import { describe, expect, it, vi } from 'vitest';
import { createByteBudget } from './byte-budget.ts';
import { createHotDocument } from './hot-document.ts';
import { createLanes } from './lanes.ts';
import type { Position } from './log-chain.ts';
import { createPresence } from './presence.ts';
import { createRoom, type Member } from './room.ts';
import { hear } from './testing/fake-socket.ts';
import { createTypist, textOf } from './testing/typist.ts';
import { createTicker } from './ticker.ts';
import { mergeDocument } from './yjs/merge.ts';
import { summarize } from './yjs/update-summary.ts';

interface TestMember extends Member {
  readonly got: Uint8Array[];
  readonly frames: Uint8Array[];
  readonly acked: [number, Position][];
  savedTo: number;
  asked: number;
  askedForLost: number;
  closed: CloseCode | undefined;
}

async function start(options: { maxDocumentBytes?: number } = {}) {
  const clock = createFakeClock();
  const logger = silentLogger;
  const log = createMemoryUpdateLog();
  const document = newDocumentId();
  const snapshots = createSnapshotStore({
    objects: createMemoryObjectStore(),
    commits: createMemorySnapshotCommits(),
    clock,
  });
  const hot = createHotDocument({ place: START });
  const members = new Set<Member>();
  const edits: boolean[] = [];
  const ticker = createTicker({ clock, logger }, 40);
  const bus = { publish: () => Promise.resolve() };
  const room = createRoom(
    {
      document,
      hot,
      head: undefined,
      log,
      snapshots,
      clock,
      logger,
      lanes: createLanes(1),
      budget: createByteBudget(100_000),
      members,
      presence: createPresence({ document, bus, clock, ticker, logger, members: () => members }),
      noteEdit: (_document, { urgent }) => void edits.push(urgent),
      isThere: async () => true,
      done() {},
    },
    options,
  );
  await log.subscribe(
    document,
    (entry) => room.hear(entry),
    () => room.missed(),
  );
  await room.begin();
  function join(): TestMember {
    const member: TestMember = {
      user: { id: newUserId(), name: 'Ada' },
      role: 'editor',
      got: [],
      frames: [],
      acked: [],
      savedTo: room.savedTo,
      asked: 0,
      askedForLost: 0,
      closed: undefined,
      tellPresence() {},
      deliver(frames) {
        this.frames.push(...frames);
        this.got.push(...frames.map(hear).flatMap((heard) => (heard.kind === 'update' ? [heard.bytes] : [])));
      },
      logged(number, position) {
        this.acked.push([number, position]);
      },
      saved(sequence) {
        this.savedTo = sequence;
      },
      moved() {},
      isLive: true,
      askAgain() {
        this.asked += 1;
      },
      askForLost() {
        this.askedForLost += 1;
      },
      close(code) {
        this.closed ??= code;
      },
    };
    room.join(member);
    return member;
  }
  const submit = (member: TestMember, number: number, update: Uint8Array): void =>
    room.submit(member, number, update, summarize(update));
  return { clock, log, snapshots, document, hot, room, edits, join, submit };
}

const reach = (cursor: Cursor): SnapshotReach => ({ cursor, previous: undefined });

describe('room', () => {
  it('an update goes to everyone but its author, the same bytes to each, and is acked when it is logged', async () => {
    const { room, join, submit, edits } = await start();
    const [ada, ben, cy] = [join(), join(), join()];
    submit(ada, 1, createTypist().type('hello'));
    expect([ben.got, ada.acked]).toEqual([[], []]);
    await room.settled();
    expect(textOf(ben.got)).toBe('hello');
    expect(cy.frames[0]).toBe(ben.frames[0]);
    expect(ada.got).toEqual([]);
    expect(ada.acked).toEqual([[1, { sequence: 1 }]]);
    expect(edits).toEqual([false]);
  });

  it('of an entry that several wrote each gets what the others wrote', async () => {
    const { room, join, submit } = await start();
    const [ada, ben, cy] = [join(), join(), join()];
    const [a, b] = [createTypist(1), createTypist(2)];
    submit(ada, 1, a.type('A'));
    submit(ben, 1, b.type('B'));
    submit(ada, 2, a.type('a'));
    await room.settled();
    expect(textOf(ada.got)).toBe('B');
    expect(textOf(ben.got)).toBe('Aa');
    expect(cy.got).toHaveLength(3);
    expect(ada.acked.map(([number]) => number)).toEqual([2]);
  });

  it('what other tasks log is delivered to everyone', async () => {
    const { log, document, join, edits } = await start();
    const ada = join();
    await log.append(document, [createTypist().type('from afar\r\n')]);
    expect(textOf(ada.got)).toBe('from afar\r\n');
    expect(edits).toEqual([true]);
  });

  it('R6: what the log has is acked without being logged again; a deletion that it lacks is logged', async () => {
    const { log, document, room, join, submit } = await start();
    const ada = join();
    const typist = createTypist();
    const inserted = typist.type('hello');
    submit(ada, 1, inserted);
    await room.settled();
    submit(ada, 2, inserted);
    submit(ada, 3, Uint8Array.of(0, 0));
    await room.settled();
    expect((await log.read(document, START)).entries).toHaveLength(1);
    expect(ada.acked.at(-1)).toEqual([3, { sequence: 1 }]);
    submit(
      ada,
      4,
      typist.edit((text) => text.delete(0, 2)),
    );
    await room.settled();
    expect((await log.read(document, START)).entries).toHaveLength(2);
  });

  it('a client whose updates have a gap between them is asked for what is missing; one that types fast is not', async () => {
    const { room, join, submit } = await start();
    const ada = join();
    const typist = createTypist();
    for (let i = 1; i <= 5; i++) submit(ada, i, typist.type('x'));
    await room.settled();
    expect(ada.asked).toBe(0);
    typist.type('this one is lost');
    submit(ada, 6, typist.type('y'));
    await room.settled();
    expect(ada.asked).toBe(1);
    expect(ada.acked.at(-1)?.[0]).toBe(6);
  });

  it('R8: while the log is down others here see an update once, who joins sees it, and nobody is acked', async () => {
    const { clock, log, room, join, submit } = await start();
    const [ada, ben] = [join(), join()];
    const typist = createTypist();
    log.fail(new Error('down'));
    submit(ada, 1, typist.type('dark'));
    await clock.advance(3_000);
    submit(ada, 2, typist.type('er'));
    expect(ben.got).toHaveLength(2);
    await clock.advance(3_000);
    expect(ben.got).toHaveLength(2);
    expect(textOf(ben.got)).toBe('darker');
    expect(textOf(room.source.updatesFor(Uint8Array.of(0)))).toBe('darker');
    expect(ada.acked).toEqual([]);
    log.heal();
    await clock.advance(5_000);
    await room.settled();
    expect(ada.acked.map(([number]) => number)).toEqual([1, 2]);
    expect(textOf(ben.got)).toBe('darker');
  });

  it('R17: what would make the document too large closes its writer with 4413; deleting goes on', async () => {
    const { log, document, room, join, submit } = await start({ maxDocumentBytes: 1_000 });
    const [ada, ben] = [join(), join()];
    const typist = createTypist();
    submit(ben, 1, typist.type('x'.repeat(950)));
    await room.settled();
    submit(
      ben,
      2,
      typist.edit((text) => text.delete(0, 860)),
    );
    submit(ada, 1, createTypist().type('y'.repeat(500)));
    await room.settled();
    expect([ada.closed, ben.closed]).toEqual([CLOSE.tooLarge, undefined]);
    const { entries } = await log.read(document, START);
    expect(textOf(entries.flatMap(({ updates }) => updates))).toBe('x'.repeat(90));
  });

  it('R1: everyone is told what a snapshot holds, and never less than before', async () => {
    const { log, document, room, join, submit } = await start();
    const ada = join();
    const typist = createTypist();
    for (const number of [1, 2, 3]) {
      submit(ada, number, typist.type('x'));
      await room.settled();
    }
    const [first, second, third] = (await log.read(document, START)).entries;
    if (!first || !second || !third) throw new Error('three entries');
    room.saved(reach(second.cursor));
    room.saved(reach(first.cursor));
    expect([ada.savedTo, room.savedTo, room.isDurable]).toEqual([2, 2, false]);
    room.saved(reach(third.cursor));
    expect([ada.savedTo, room.isDurable]).toEqual([3, true]);
  });

  it('R1: a snapshot of what has not been heard yet counts when it has', async () => {
    const { clock, log, document, room, join } = await start();
    const ada = join();
    log.mute(true);
    const { cursor } = await log.append(document, [createTypist().type('unheard')]);
    room.saved(reach(cursor));
    expect(ada.savedTo).toBe(0);
    await clock.advance(0);
    expect([textOf(ada.got), ada.savedTo]).toEqual(['unheard', 1]);
  });

  it('R3: a task that missed entries which were trimmed has them from the snapshot, and nobody is closed', async () => {
    const { clock, log, snapshots, document, room, join, submit } = await start();
    const ada = join();
    submit(ada, 1, createTypist().type('a'));
    await room.settled();
    log.mute(true);
    const { cursor } = await log.append(document, [createTypist().type('b')]);
    const updates = (await log.read(document, START)).entries.flatMap((entry) => entry.updates);
    await snapshots.save(document, undefined, cursor, mergeDocument(undefined, updates).state);
    await log.trim(document, cursor);
    await log.append(document, [createTypist().type('c')]);
    log.mute(false);
    await vi.waitFor(async () => {
      await clock.advance(100);
      expect(textOf([...updates.slice(0, 1), ...ada.got]).length).toBe(3);
    });
    expect([ada.closed, room.condemned, ada.askedForLost]).toEqual([undefined, false, 1]);
    expect(textOf(room.source.updatesFor(Uint8Array.of(0))).length).toBe(3);
  });

  it('R19: a log entry that is no update ends the room with 1011', async () => {
    const { clock, log, document, room, join } = await start();
    const ada = join();
    await log.append(document, [Uint8Array.of(9, 9, 9)]);
    await clock.advance(0);
    expect([ada.closed, room.condemned]).toEqual([CLOSE.internal, true]);
  });
});
