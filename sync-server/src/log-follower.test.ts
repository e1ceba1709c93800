import { newDocumentId } from '@codesync/contract';
import { silentLogger, START, type Cursor, type LogEntry } from '@codesync/storage';
import { createFakeClock, createMemoryUpdateLog } from '@codesync/storage/memory';
import * as fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLogFollower } from './log-follower.ts';

async function start(entries: number) {
  const clock = createFakeClock();
  const log = createMemoryUpdateLog();
  const document = newDocumentId();
  for (let i = 0; i < entries; i++) await log.append(document, [Uint8Array.of(i)]);
  const all = (await log.read(document, START)).entries;
  const handed: Cursor[] = [];
  let lost = false;
  const follower = createLogFollower({
    document,
    log,
    clock,
    logger: silentLogger,
    position: () => handed.at(-1) ?? START,
    next: (entry) => void handed.push(entry.cursor),
    lost: () => void (lost = true),
  });
  return { clock, log, document, all, handed, follower, isLost: () => lost };
}

const cursors = (entries: readonly LogEntry[]) => entries.map(({ cursor }) => cursor);

describe('log follower', () => {
  it('entries that are heard twice, late, out of order or not at all are handed on in order and once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(19), { maxLength: 60 }), async (order) => {
        const { all, handed, follower } = await start(20);
        for (const index of [...order, 19]) {
          const entry = all[index];
          if (entry !== undefined) follower.hear(entry);
          if (index % 3 === 0) await nextTurn();
        }
        await nextTurn();
        expect(handed).toEqual(cursors(all));
      }),
      { numRuns: 100 },
    );
  });

  it('a gap that cannot be read is read later', async () => {
    const { clock, log, all, handed, follower } = await start(5);
    log.fail(new Error('down'));
    const last = all.at(-1);
    if (last !== undefined) follower.hear(last);
    await clock.advance(500);
    expect(handed).toEqual([]);
    log.heal();
    await clock.advance(1_000);
    expect(handed).toEqual(cursors(all));
  });

  it('R3: when entries were trimmed before they were heard it says so, and hands on nothing after the gap', async () => {
    const { clock, log, document, all, handed, follower, isLost } = await start(5);
    const [first, , third] = all;
    const last = all.at(-1);
    if (!first || !third || !last) throw new Error('five entries');
    follower.hear(first);
    await log.trim(document, third.cursor);
    follower.hear(last);
    await clock.advance(0);
    expect(isLost()).toBe(true);
    expect(handed).toEqual([first.cursor]);
  });
});
