import { CLOSE, newDocumentId, newUserId, type CloseCode } from '@codesync/contract';
import { parseCursor, silentLogger, START, type Cursor } from '@codesync/storage';
import { createFakeClock, createMemoryUpdateLog } from '@codesync/storage/memory';
import { describe, expect, it } from 'vitest';
import { createByteBudget } from './byte-budget.ts';
import { createHotDocument } from './hot-document.ts';
import { createPresence } from './presence.ts';
import { createRoom, type Member } from './room.ts';
import { hear } from './testing/fake-socket.ts';
import { createTypist, textOf } from './testing/typist.ts';
import { createTicker } from './ticker.ts';
import { summarize } from './yjs/update-summary.ts';

interface TestMember extends Member {
  readonly got: Uint8Array[];
  readonly frames: Uint8Array[];
  readonly acked: [number, Cursor][];
  savedTo: Cursor | undefined;
  asked: number;
  closed: CloseCode | undefined;
}

async function start(options: { maxDocumentBytes?: number; savedTo?: Cursor } = {}) {
  const clock = createFakeClock();
  const logger = silentLogger;
  const log = createMemoryUpdateLog();
  const document = newDocumentId();
  const hot = createHotDocument({ cursor: START });
  const members = new Set<Member>();
  const edits: boolean[] = [];
  const ticker = createTicker({ clock, logger }, 40);
  const bus = { publish: () => Promise.resolve() };
  const room = createRoom(
    {
      document,
      hot,
      savedTo: options.savedTo ?? START,
      log,
      clock,
      logger,
      budget: createByteBudget(100_000),
      members,
      presence: createPresence({ document, bus, clock, ticker, logger, members: () => members }),
      noteEdit: (_document, { urgent }) => void edits.push(urgent),
    },
    options,
  );
  await log.subscribe(document, (entry) => room.hear(entry));
  function join(): TestMember {
    const member: TestMember = {
      user: { id: newUserId(), name: 'Ada' },
      role: 'editor',
      got: [],
      frames: [],
      acked: [],
      savedTo: undefined,
      asked: 0,
      closed: undefined,
      tellPresence() {},
      deliver(frames) {
        this.frames.push(...frames);
        this.got.push(...frames.map(hear).flatMap((heard) => (heard.kind === 'update' ? [heard.bytes] : [])));
      },
      logged(number, cursor) {
        this.acked.push([number, cursor]);
      },
      saved(cursor) {
        this.savedTo = cursor;
      },
      askAgain() {
        this.asked += 1;
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
  return { clock, log, document, hot, room, edits, join, submit };
}

describe('room', () => {
  it('an update goes to everyone but its author, the same bytes to each, and is acked when it is logged', async () => {
    const { room, join, submit, hot, edits } = await start();
    const [ada, ben, cy] = [join(), join(), join()];
    submit(ada, 1, createTypist().type('hello'));
    expect([ben.got, ada.acked]).toEqual([[], []]);
    await room.settled();
    expect(textOf(ben.got)).toBe('hello');
    expect(cy.frames[0]).toBe(ben.frames[0]);
    expect(ada.got).toEqual([]);
    expect(ada.acked).toEqual([[1, hot.cursor]]);
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
    const { log, document, room, join, submit, hot } = await start();
    const ada = join();
    const typist = createTypist();
    const inserted = typist.type('hello');
    submit(ada, 1, inserted);
    await room.settled();
    submit(ada, 2, inserted);
    submit(ada, 3, Uint8Array.of(0, 0));
    await room.settled();
    expect((await log.read(document, START)).entries).toHaveLength(1);
    expect(ada.acked.at(-1)).toEqual([3, hot.cursor]);
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

  it('everyone is told what a snapshot holds, and never less than before', async () => {
    const { room, join } = await start({ savedTo: parseCursor('5-0') });
    const ada = join();
    room.saved(parseCursor('4-0'));
    expect([ada.savedTo, room.savedTo]).toEqual([undefined, '5-0']);
    room.saved(parseCursor('6-0'));
    expect([ada.savedTo, room.savedTo]).toEqual(['6-0', '6-0']);
  });

  it('R3: a task that missed entries which were trimmed lets everyone start from the snapshot', async () => {
    const { clock, log, document, room, join } = await start();
    const ada = join();
    const elsewhere = log.connect();
    const typist = createTypist();
    const first = await elsewhere.append(document, [typist.type('a')]);
    const later = createTypist();
    const cursor = parseCursor('900-0');
    await log.trim(document, cursor);
    await elsewhere.append(document, [later.type('b')]);
    await clock.advance(0);
    expect(first.cursor).toBe(room.source.cursor);
    expect(ada.closed).toBe(CLOSE.tryAgain);
    expect(room.condemned).toBe(true);
  });

  it('R19: a log entry that is no update ends the room with 1011', async () => {
    const { clock, log, document, room, join } = await start();
    const ada = join();
    await log.append(document, [Uint8Array.of(9, 9, 9)]);
    await clock.advance(0);
    expect([ada.closed, room.condemned]).toEqual([CLOSE.internal, true]);
  });
});
