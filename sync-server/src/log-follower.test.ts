import { newDocumentId } from '@codesync/contract';
import { silentLogger, START, type Cursor, type LogEntry } from '@codesync/storage';
import { createFakeClock } from '@codesync/storage/memory';
import * as fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLogChain } from './log-chain.ts';
import { createLogFollower } from './log-follower.ts';
import { createFailoverLog } from './testing/failover-log.ts';

/** A log with entries of one byte, and a follower that has heard nothing yet. */
async function start(entries: number) {
  const clock = createFakeClock();
  const log = createFailoverLog();
  const document = newDocumentId();
  const append = async (value: number): Promise<LogEntry> => {
    const updates = [Uint8Array.of(value)];
    return { ...(await log.append(document, updates)), updates };
  };
  const all: LogEntry[] = [];
  for (let i = 0; i < entries; i++) all.push(await append(i));
  const handed: Cursor[] = [];
  const absent: Cursor[] = [];
  const trimmed: Cursor[] = [];
  let lost = 0;
  const chain = createLogChain(START);
  const follower = createLogFollower({
    document,
    log,
    clock,
    logger: silentLogger,
    chain,
    next(entry) {
      handed.push(entry.cursor);
      chain.add(entry.cursor);
    },
    trimmed: (to) => trimmed.push(to),
    absent: (cursor) => absent.push(cursor),
    lost() {
      lost += 1;
      follower.pause();
    },
  });
  const follow = async (): Promise<void> => {
    await follower.read();
    log.reads = 0;
  };
  return { clock, log, document, append, all, handed, absent, trimmed, chain, follower, follow, lost: () => lost };
}

const cursors = (entries: readonly LogEntry[]) => entries.map(({ cursor }) => cursor);

describe('log follower', () => {
  it('entries that are heard twice, late, out of order or not at all are handed on in order and once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(19), { maxLength: 60 }), async (order) => {
        const { all, handed, follower, lost } = await start(20);
        for (const index of [...order, 19]) {
          const entry = all[index];
          if (entry !== undefined) follower.hear(entry);
          if (index % 3 === 0) await nextTurn();
        }
        await nextTurn();
        expect(handed).toEqual(cursors(all));
        expect(lost()).toBe(0);
      }),
      { numRuns: 100 },
    );
  });

  it('a gap is read once, however many entries are heard behind it, and what comes in order is not read at all', async () => {
    const { log, append, handed, follower, follow } = await start(3);
    await follow();
    follower.hear(await append(3));
    follower.hear(await append(4));
    expect(log.reads).toBe(0);
    const missed = await append(5);
    const late = [await append(6), await append(7), await append(8)];
    for (const entry of late.toReversed()) follower.hear(entry);
    follower.hear(missed);
    await nextTurn();
    expect(log.reads).toBe(1);
    expect(handed).toHaveLength(9);
    for (const entry of [missed, ...late]) follower.hear(entry);
    expect(log.reads).toBe(1);
  });

  it('what is heard while a gap is read, and was appended after the read, is read as well', async () => {
    const { append, handed, follower } = await start(5);
    const reading = follower.read();
    await append(5);
    follower.hear(await append(6));
    await reading;
    await nextTurn();
    expect(handed).toHaveLength(7);
  });

  it('a gap that cannot be read is read later, or as soon as someone doubts', async () => {
    const { clock, log, all, append, handed, follower } = await start(5);
    log.fault = 'down';
    const last = all.at(-1);
    if (last !== undefined) follower.hear(last);
    await clock.advance(2_500);
    expect([handed, log.reads]).toEqual([[], 3]);
    log.fault = 'none';
    await clock.advance(1_000);
    expect(handed).toEqual(cursors(all));

    log.fault = 'down';
    await append(5).catch(() => undefined);
    follower.doubt();
    await clock.advance(0);
    log.fault = 'none';
    const next = await append(6);
    follower.doubt();
    await clock.advance(0);
    expect(handed.at(-1)).toBe(next.cursor);
    expect(clock.pending()).toBe(0);
  });

  it('a mere look at the end of the log that fails says so, and leaves nothing running', async () => {
    const { clock, log, follower, follow } = await start(5);
    await follow();
    const { verifiedAt } = follower;
    await clock.advance(1_000);
    log.fault = 'down';
    await expect(follower.read()).rejects.toThrow('the log is down');
    expect([follower.verifiedAt, clock.pending()]).toEqual([verifiedAt, 0]);
    log.fault = 'none';
    await follower.read();
    expect(follower.verifiedAt).toBe(clock.now());
  });

  it('R7: a tail that was lost is found by the next entry, with a smaller cursor or a larger one, by a doubt, and by a look', async () => {
    for (const clockIs of ['behind', 'ahead'] as const) {
      for (const found of ['entry', 'doubt', 'look'] as const) {
        for (const written of [0, 1, 2]) {
          const { log, document, append, handed, follower, follow, lost } = await start(5);
          await follow();
          log.loseTail(document, 2, clockIs);
          const news: LogEntry[] = [];
          for (let i = 0; i < written; i++) news.push(await append(9));
          if (found === 'entry') follower.hear(news.at(-1) ?? (await append(9)));
          else if (found === 'doubt') follower.doubt();
          else await follower.read();
          await nextTurn();
          expect([clockIs, found, written, lost(), handed.length]).toEqual([clockIs, found, written, 1, 5]);
        }
      }
    }
  });

  it('R7: a log that was lost as a whole is found, also when it was empty before', async () => {
    const { log, document, all, follower, follow, lost } = await start(5);
    await follow();
    await log.trim(document, all.at(-1)?.cursor ?? START);
    await follower.read();
    expect(lost()).toBe(0);
    log.loseAll();
    await follower.read();
    expect(lost()).toBe(1);
  });

  it('R7: what was heard and is not in the log when it has been read is named, and is not a reason to read again', async () => {
    const { log, document, append, absent, follower, follow, lost } = await start(3);
    await follow();
    await append(3);
    const gone = await append(4);
    log.loseTail(document, 2);
    follower.hear(gone);
    await nextTurn();
    expect([absent, lost(), log.reads]).toEqual([[gone.cursor], 0, 1]);
  });

  it('R3: entries that were trimmed before they were heard are a loss, and nothing after the gap is handed on', async () => {
    const { log, document, all, handed, follower, lost } = await start(5);
    const [first, , third] = all;
    const last = all.at(-1);
    if (!first || !third || !last) throw new Error('five entries');
    follower.hear(first);
    await log.trim(document, third.cursor);
    follower.hear(last);
    await nextTurn();
    expect([lost(), handed]).toEqual([1, [first.cursor]]);
  });

  it('R3: what was handed on and trimmed while it was read is none, and how far it was trimmed is told', async () => {
    const { log, document, all, handed, trimmed, follower, lost } = await start(5);
    const gate = Promise.withResolvers<void>();
    const read = log.read.bind(log);
    log.read = async (...request) => {
      await gate.promise;
      return read(...request);
    };
    const reading = follower.read();
    for (const entry of all) follower.hear(entry);
    await log.trim(document, all[2]?.cursor ?? START);
    gate.resolve();
    await reading;
    expect([lost(), handed]).toEqual([0, cursors(all)]);
    expect(trimmed.at(-1)).toBe(all[2]?.cursor);
  });

  it('what a read brings after a pause is not used', async () => {
    const { handed, follower, lost } = await start(5);
    const reading = follower.read();
    follower.pause();
    await reading;
    expect([handed, lost()]).toEqual([[], 0]);
    await follower.read();
    expect(handed).toHaveLength(5);
  });
});
