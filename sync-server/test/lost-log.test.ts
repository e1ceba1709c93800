// A log that loses what it had: a failover to a replica that had not heard the last entries, or a server that came back empty (R7).
import { createMemoryUpdateLog } from '@codesync/storage/memory';
import { expect, it, vi } from 'vitest';
import { createFailoverLog } from '../src/testing/failover-log.ts';
import { createTasks } from '../src/testing/tasks.ts';
import { createTypist } from '../src/testing/typist.ts';

/** What a client sends on joining holds nothing here, and is durable at once. */
const NOTHING_TYPED = 1;

/** Longer than what was lost may wait for others to add it again. */
const HEALED = 400;

it('R7: what it lost is added again while its author is there, and called saved only when it is', async () => {
  const { log, document, clock, start, arrive, write, coldText, snapshot } = createTasks(createMemoryUpdateLog());
  const [ada] = await arrive(start());
  await write(ada, 'one ', 'two ', 'three');
  log.loseTail(document, 2);
  expect(await coldText()).toBe('one ');
  await snapshot();
  expect(ada.durable.size).toBe(NOTHING_TYPED);
  await clock.advance(HEALED);
  expect(await coldText()).toBe('one two three');
  expect(ada.logged.size).toBe(ada.sent.length);
  expect(ada.durable.size).toBe(NOTHING_TYPED);
  await snapshot();
  expect(ada.durable).toEqual(ada.logged);
});

it('R7: what it lost is added again also when its author has gone and nobody else is in the room', async () => {
  const { log, document, clock, start, arrive, write, coldText } = createTasks(createMemoryUpdateLog());
  const [ada] = await arrive(start());
  await write(ada, 'logged, ', 'and the tab closed');
  expect(ada.logged.size).toBe(3);
  ada.leave();
  await clock.advance(10_000);
  log.loseTail(document, 1);
  await clock.advance(HEALED);
  expect(await coldText()).toBe('logged, and the tab closed');
});

it('R7: what it lost is added again by a task where somebody saw it, when the author’s task is dead', async () => {
  const { log, document, clock, start, arrive, write, coldText } = createTasks(createMemoryUpdateLog());
  const [here, there] = [start(log.connect()), start(log.connect())];
  const [ada, ben] = await arrive(there, here);
  await write(ada, 'seen ', 'by Ben');
  expect(ben.text.toString()).toBe('seen by Ben');
  there.kill();
  log.loseTail(document, 2);
  await clock.advance(HEALED);
  expect(await coldText()).toBe('seen by Ben');
});

it('R7: what it lost and only a client still has comes back with the client', async () => {
  const { log, document, clock, start, arrive, write, coldText } = createTasks(createMemoryUpdateLog());
  const [here, there] = [start(log.connect()), start(log.connect())];
  const [ada, ben] = await arrive(there, here);
  await write(ben, 'all know this. ');
  log.mute(true);
  await write(ada, 'Ada alone knows this.');
  there.kill();
  log.loseTail(document, 1);
  log.mute(false);
  ada.leave();
  await ada.open(here);
  await clock.advance(HEALED);
  expect(await coldText()).toBe('all know this. Ada alone knows this.');
  expect(ben.text.toString()).toBe('all know this. Ada alone knows this.');
});

it('R7: of several tasks that hold what it lost one usually adds it, and the others find it there', async () => {
  const { log, document, clock, start, arrive, write, entries, coldText } = createTasks(createMemoryUpdateLog());
  const random = vi.spyOn(Math, 'random').mockReturnValueOnce(0.9).mockReturnValueOnce(0.2).mockReturnValueOnce(0.6);
  const [ada] = await arrive(start(log.connect()), start(log.connect()), start(log.connect()));
  await write(ada, 'a', 'b', 'c');
  const before = (await entries()).length;
  random.mockClear();
  random.mockReturnValueOnce(0.9).mockReturnValueOnce(0.2).mockReturnValueOnce(0.6);
  log.loseTail(document, 2);
  await clock.advance(HEALED);
  expect(await coldText()).toBe('abc');
  expect((await entries()).length).toBeLessThanOrEqual(before);
  random.mockRestore();
});

it('R7: all that it lost and no snapshot holds is added again when it comes back empty', async () => {
  const { log, clock, start, arrive, write, coldText, snapshot } = createTasks(createMemoryUpdateLog());
  const [here, there] = [start(log.connect()), start(log.connect())];
  const [ada, ben] = await arrive(here, there);
  await write(ada, 'saved ');
  await snapshot();
  await write(ben, 'and not ');
  log.loseAll();
  await clock.advance(HEALED);
  expect(await coldText()).toBe('saved and not ');
  await write(ada, 'and new');
  expect(ben.text.toString()).toBe('saved and not and new');
  await snapshot();
  expect([ada.durable, ben.durable]).toEqual([ada.logged, ben.logged]);
});

it('R7: a failover in the middle of a burst from two tasks loses nothing, and everyone sees the same', async () => {
  const { log, document, clock, start, arrive, coldText, snapshot } = createTasks(createFailoverLog());
  const [ada, ben] = await arrive(start(), start());
  for (let i = 0; i < 60; i++) {
    ada.type(`a${i} `);
    ben.text.insert(0, `b${i} `);
    if (i % 7 === 0) await clock.advance(1);
    if (i === 20) log.loseTail(document, 3, 'behind');
    if (i === 40) {
      log.loseAll();
      log.tell();
    }
  }
  await clock.advance(2_000);
  expect(ada.text.toString()).toBe(ben.text.toString());
  expect(ada.text.toString()).toContain('a59');
  expect(ada.text.toString()).toContain('b0');
  expect(await coldText()).toBe(ada.text.toString());
  expect([ada.logged.size, ben.logged.size]).toEqual([ada.sent.length, ben.sent.length]);
  await snapshot();
  await clock.advance(0);
  expect(ada.durable).toEqual(ada.logged);
});

it('R7: an entry of ours that was lost before we had read what came before it is added again', async () => {
  const { log, document, clock, start, arrive, write, coldText } = createTasks(createFailoverLog());
  const [ada] = await arrive(start());
  log.push = () => {};
  await log.append(document, [createTypist().type('unheard ')]);
  log.fault = 'unreadable';
  await write(ada, 'shown and logged');
  expect(ada.logged.size).toBe(2);
  log.loseTail(document, 2);
  log.fault = 'none';
  await clock.advance(2_000);
  expect(await coldText()).toBe('shown and logged');
});

it('R7: what is lost again while it is being added is added once more', async () => {
  const { log, document, clock, start, arrive, write, coldText } = createTasks(createMemoryUpdateLog());
  const [ada] = await arrive(start());
  await write(ada, 'one ', 'two ');
  log.loseTail(document, 1);
  await clock.advance(10);
  log.loseAll();
  await clock.advance(10);
  log.loseAll();
  await clock.advance(3_000);
  expect(await coldText()).toBe('one two ');
  expect(ada.asked).toBeGreaterThan(1);
});

it('R7: everyone is asked after each loss, however many there were', async () => {
  const { log, document, clock, start, arrive, write } = createTasks(createMemoryUpdateLog());
  const [ada] = await arrive(start());
  for (let i = 0; i < 30; i++) {
    await write(ada, 'x');
    log.loseTail(document, 1);
    await clock.advance(2_000);
  }
  expect(ada.asked).toBe(31);
  expect(ada.text.toString()).toBe('x'.repeat(30));
});

it('R7: two entries of ours that were lost one after the other behind the same gap are both added again', async () => {
  const { log, document, clock, start, arrive, write, coldText } = createTasks(createFailoverLog());
  const [ada] = await arrive(start());
  log.push = () => {};
  await log.append(document, [createTypist().type('unheard ')]);
  log.fault = 'unreadable';
  await write(ada, 'first ');
  log.loseTail(document, 1);
  await write(ada, 'second');
  log.fault = 'none';
  await clock.advance(3_000);
  expect(await coldText()).toContain('first second');
});
