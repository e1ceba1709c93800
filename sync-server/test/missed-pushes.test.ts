// Pushes of the log that are lost, late, doubled or out of order (R5).
import { createMemoryUpdateLog } from '@codesync/storage/memory';
import { expect, it } from 'vitest';
import { createFailoverLog } from '../src/testing/failover-log.ts';
import { createTasks } from '../src/testing/tasks.ts';

/** Longer than what was lost may wait for others to add it again. */
const HEALED = 400;

it('R5: what was missed is read when something says that it may have been', async () => {
  const { log, clock, start, arrive, write } = createTasks(createMemoryUpdateLog());
  const [ada, ben] = await arrive(start(log.connect()), start(log.connect()));
  log.mute(true);
  await write(ada, 'unheard');
  expect(ben.text.toString()).toBe('');
  log.mute(false);
  await clock.advance(0);
  expect(ben.text.toString()).toBe('unheard');
  expect(ben.asked).toBe(1);
});

it('R5, R7: within half a minute it is read, and a loss is noticed, when nothing says so', async () => {
  const { log, document, clock, start, arrive, write, coldText } = createTasks(createFailoverLog());
  const [here, there] = [start(), start()];
  const [ada, ben] = await arrive(here, there);
  log.push = () => {};
  await write(ada, 'unheard');
  for (let i = 0; i < 7; i++) {
    await clock.advance(5_000);
    there.sweep();
  }
  await clock.advance(0);
  expect([ben.text.toString(), ben.asked]).toEqual(['unheard', 1]);
  log.loseTail(document, 1);
  for (let i = 0; i < 7; i++) {
    await clock.advance(5_000);
    here.sweep();
  }
  await clock.advance(HEALED);
  expect(await coldText()).toBe('unheard');
});

it('R5: what comes doubled and out of order is delivered once, and nothing is put right that is right', async () => {
  const { log, clock, start, arrive } = createTasks(createFailoverLog());
  const waiting: (() => void)[] = [];
  log.push = (hear) => {
    waiting.push(hear, hear);
    if (waiting.length < 20) return;
    for (const late of waiting.splice(0).toReversed()) queueMicrotask(late);
  };
  const [ada, ben] = await arrive(start(), start());
  for (let i = 0; i < 100; i++) {
    (i % 2 === 0 ? ada : ben)?.type(`${i} `);
    await clock.advance(1);
  }
  for (const hear of waiting.splice(0)) hear();
  await clock.advance(1);
  expect(ada.text.toString()).toBe(ben.text.toString());
  expect(ada.text.toString()).toContain('99 ');
  expect([ada.asked, ben.asked]).toEqual([1, 1]);
  expect([ada.received, ben.received]).toEqual([50, 50]);
});
