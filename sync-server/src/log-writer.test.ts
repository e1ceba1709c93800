import { newDocumentId } from '@codesync/contract';
import { silentLogger, START } from '@codesync/storage';
import { createFakeClock, createMemoryUpdateLog } from '@codesync/storage/memory';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createByteBudget } from './byte-budget.ts';
import { createLogWriter } from './log-writer.ts';
import { summarize } from './yjs/update-summary.ts';

const summary = summarize(Uint8Array.of(0, 0));

function start(limit = 1_000) {
  const clock = createFakeClock();
  const log = createMemoryUpdateLog();
  const document = newDocumentId();
  const budget = createByteBudget(limit);
  const logged: number[][] = [];
  let failures = 0;
  const writer = createLogWriter<string>({
    document,
    log,
    clock,
    logger: silentLogger,
    budget,
    logged: (batch) => logged.push(batch.map(({ number }) => number)),
    failed: () => void (failures += 1),
  });
  return {
    clock,
    log,
    budget,
    writer,
    logged,
    failures: () => failures,
    submit: (number: number, redundant = false, bytes = 1) =>
      writer.submit({ author: 'Ada', number, update: new Uint8Array(bytes).fill(number), summary, redundant }),
    stored: async () => {
      const { entries } = await log.read(document, START, Infinity);
      return entries.map(({ updates }) => updates.map(([first]) => first));
    },
  };
}

describe('log writer', () => {
  it('what is submitted in one turn travels as one entry, one append at a time', async () => {
    const { writer, submit, logged, stored } = start();
    for (const number of [1, 2, 3]) submit(number);
    await writer.settled();
    submit(4);
    await writer.settled();
    expect(await stored()).toEqual([[1, 2, 3], [4]]);
    expect(logged).toEqual([[1, 2, 3], [4]]);
  });

  it('R2: after a failed append nothing overtakes: the same batch is tried until it succeeds, the rest after it', async () => {
    const { clock, log, writer, submit, logged, failures, stored } = start();
    log.fail(new Error('down'));
    submit(1);
    submit(2);
    await clock.advance(1_000);
    submit(3);
    await clock.advance(10_000);
    expect(logged).toEqual([]);
    expect(writer.failing).toBe(true);
    expect(failures()).toBeGreaterThan(3);
    expect(failures()).toBeLessThan(15);
    log.heal();
    await clock.advance(5_000);
    await writer.settled();
    expect(await stored()).toEqual([[1, 2], [3]]);
    expect(logged).toEqual([[1, 2], [3]]);
    expect(writer.failing).toBe(false);
  });

  it('what the log has already is acked in its turn and not appended', async () => {
    const { writer, submit, logged, stored } = start();
    submit(1, true);
    await writer.settled();
    submit(2);
    submit(3, true);
    await writer.settled();
    expect(await stored()).toEqual([[2]]);
    expect(logged).toEqual([[1], [2, 3]]);
  });

  it('R8: what waits is tried at once when someone says that the log may be back', async () => {
    const { clock, log, writer, submit, logged } = start();
    writer.wake();
    log.fail(new Error('down'));
    submit(1);
    await clock.advance(60_100);
    log.heal();
    expect(logged).toEqual([]);
    writer.wake();
    await writer.settled();
    expect(logged).toEqual([[1]]);
    expect(clock.pending()).toBe(0);
  });

  it('R8: an append that takes long counts as failing, until it has succeeded', async () => {
    const { clock, log, writer, submit, logged, failures } = start();
    const append = log.append.bind(log);
    const answer = Promise.withResolvers<void>();
    log.append = async (...request) => {
      await answer.promise;
      return append(...request);
    };
    submit(1);
    await clock.advance(100);
    expect([writer.failing, failures()]).toEqual([false, 0]);
    await clock.advance(1_000);
    expect([writer.failing, failures()]).toEqual([true, 1]);
    answer.resolve();
    await writer.settled();
    expect([writer.failing, logged]).toEqual([false, [[1]]]);
  });

  it('R16: beyond its bytes nothing is taken until something is logged', async () => {
    const { clock, log, writer, submit, budget, stored } = start(100);
    log.fail(new Error('down'));
    expect(submit(1, false, 60)).toBe(true);
    expect(submit(2, false, 60)).toBe(false);
    expect(writer.bytes).toBe(60);
    log.heal();
    await nextTurn();
    await clock.advance(1_000);
    await writer.settled();
    expect(budget.used).toBe(0);
    expect(submit(3, false, 60)).toBe(true);
    await writer.settled();
    expect(await stored()).toEqual([[1], [3]]);
  });

  it('entries stay small: what waited during an outage is not one of them', async () => {
    const { writer, submit, stored } = start(100 * 1024 * 1024);
    for (let number = 1; number <= 6; number++) submit(number, false, 1024 * 1024);
    await writer.settled();
    expect(await stored()).toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ]);
  });

  it('stopped in an outage it gives back its bytes, and nobody waits for it', async () => {
    const { clock, log, writer, submit, budget } = start();
    log.fail(new Error('down'));
    submit(1);
    await clock.advance(10);
    const settled = writer.settled();
    writer.stop();
    await settled;
    expect(budget.used).toBe(0);
    expect(submit(2)).toBe(false);
    expect(clock.pending()).toBe(0);
  });
});
