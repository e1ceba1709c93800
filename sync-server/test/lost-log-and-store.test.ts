// A log that lost something, and the snapshots: what of it they hold, and what is called saved (R1, R7).
import { createMemoryUpdateLog } from '@codesync/storage/memory';
import { expect, it, vi } from 'vitest';
import { createFailoverLog } from '../src/testing/failover-log.ts';
import { createTasks } from '../src/testing/tasks.ts';
import { createTypist } from '../src/testing/typist.ts';
import { summarize } from '../src/yjs/update-summary.ts';

/** What a client sends on joining holds nothing here, and is durable at once. */
const NOTHING_TYPED = 1;

/** Longer than what was lost may wait for others to add it again. */
const HEALED = 400;

it('R7: when all of it was saved nothing is added, it is followed as before, and who comes is told that all is saved', async () => {
  const { log, clock, start, arrive, write, entries, snapshot } = createTasks(createMemoryUpdateLog());
  const task = start();
  const [ada] = await arrive(task);
  await write(ada, 'saved');
  await snapshot();
  log.loseAll();
  await clock.advance(HEALED);
  expect(await entries()).toEqual([]);
  const [ben] = await arrive(task);
  expect(ben.durable).toEqual(ben.logged);
  expect(ben.durable.size).toBe(1);
  ada.leave();
  ben.leave();
  await clock.advance(0);
  expect(task.rooms.size).toBe(0);
  const [cy] = await arrive(start());
  expect(cy.durable.size).toBe(1);
});

it('R1: what took the place of a lost entry is no proof for what was lost, whether its cursor is smaller or larger', async () => {
  for (const clockIs of ['behind', 'ahead'] as const) {
    const world = createTasks(createFailoverLog());
    const { log, document, clock, commits, start, arrive, write, snapshot, cold } = world;
    const [ada] = await arrive(start());
    await write(ada, 'kept ', 'lost');
    log.loseTail(document, 1, clockIs);
    // Another task writes, and its snapshotter saves, before Ada's has noticed anything.
    log.push = () => {};
    await log.append(document, [createTypist().type('other')]);
    await snapshot();
    expect((await commits.head(document))?.cursor).toBeDefined();
    const saved = await cold();
    for (const update of ada.durable) expect(saved.knows(summarize(update))).toBe(true);
    expect(ada.durable.size).toBeLessThan(ada.logged.size);
    log.push = queueMicrotask;
    await clock.advance(HEALED);
    expect(await world.coldText()).toContain('kept lost');
    expect(await world.coldText()).toContain('other');
    await snapshot();
    await clock.advance(0);
    expect(ada.durable).toEqual(ada.logged);
    log.loseAll();
    expect(await world.coldText()).toContain('kept lost');
  }
});

it('R8: while the store does not answer people see each other and are logged; saved is told when all was put right', async () => {
  const { log, document, clock, commits, start, arrive, write, coldText, snapshot } =
    createTasks(createMemoryUpdateLog());
  const [ada, ben] = await arrive(start(log.connect()), start(log.connect()));
  await write(ada, 'before ');
  commits.fail(new Error('database down'));
  log.loseTail(document, 1);
  await clock.advance(30_000);
  await write(ada, 'ada ');
  await write(ben, 'ben');
  expect([ada.text.toString(), ben.text.toString()]).toEqual(['before ada ben', 'before ada ben']);
  expect(ada.logged.size).toBe(ada.sent.length);
  expect(ada.durable.size).toBe(NOTHING_TYPED);
  commits.heal();
  await clock.advance(6_000);
  expect(await coldText()).toBe('before ada ben');
  await snapshot();
  await clock.advance(0);
  expect([ada.durable, ben.durable]).toEqual([ada.logged, ben.logged]);
});

it('R7: a document that was closed and kept in memory gives back what the log lost, when it is opened', async () => {
  const { log, document, clock, start, arrive, write, coldText } = createTasks(createMemoryUpdateLog());
  const task = start();
  const [ada] = await arrive(task);
  await write(ada, 'one ', 'two');
  ada.leave();
  await clock.advance(31_000);
  expect(task.rooms.size).toBe(0);
  log.loseTail(document, 1);
  expect(await coldText()).toBe('one ');
  const [ben] = await arrive(task);
  await clock.advance(HEALED);
  expect([ben.text.toString(), await coldText()]).toEqual(['one two', 'one two']);
});

it('R7: what it lost and nobody here had heard of comes from the snapshot into a room that is open', async () => {
  const { log, document, notices, clock, start, arrive, write, snapshot } = createTasks(createFailoverLog());
  const [here, there] = [start(), start()];
  const [ada, ben] = await arrive(here, there);
  await write(ben, 'known ');
  log.push = () => {};
  notices.mute(true);
  await write(ada, 'unheard');
  // Nor had the replica heard of the trim.
  log.trim = async () => {};
  await snapshot();
  log.loseTail(document, 1);
  // The log goes on exactly where Ben's task is: only the snapshot shows that it had more.
  await write(ben, 'and on');
  here.kill();
  expect(ben.text.toString()).not.toContain('unheard');
  notices.mute(false);
  await clock.advance(HEALED);
  expect(ben.text.toString()).toContain('unheard');
  expect(ben.asked).toBe(2);
});

it('R7: also when only the next snapshot is announced, which ends where everything is known', async () => {
  const { log, document, notices, clock, start, arrive, write, snapshot } = createTasks(createFailoverLog());
  const [here, there] = [start(), start()];
  const [ada, ben] = await arrive(here, there);
  await write(ben, 'known ');
  log.push = () => {};
  await write(ada, 'unheard');
  log.trim = async () => {};
  vi.spyOn(notices, 'publish').mockRejectedValueOnce(new Error('Redis is away'));
  await snapshot();
  log.loseTail(document, 1);
  await write(ben, 'and on');
  here.kill();
  expect(ben.text.toString()).not.toContain('unheard');
  await snapshot();
  await clock.advance(HEALED);
  expect(ben.text.toString()).toContain('unheard');
  expect(ben.durable).toEqual(ben.logged);
});

it('R7: and into a document that was closed and kept in memory, also when that was empty then', async () => {
  for (const before of ['', 'known ']) {
    const { log, clock, start, arrive, write, snapshot } = createTasks(createFailoverLog());
    const [here, there] = [start(), start()];
    const [ada, ben] = await arrive(here, there);
    await write(ben, before);
    await snapshot();
    ben.leave();
    await clock.advance(0);
    expect(there.rooms.size).toBe(0);
    await write(ada, 'unheard');
    await snapshot();
    log.loseAll();
    const [cy] = await arrive(there);
    expect(cy.text.toString()).toBe(`${before}unheard`);
  }
});

it('R1: what is held here and not added again yet is not called durable, also to who sends it once more', async () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.9);
  const { log, document, commits, clock, start, arrive, write, snapshot, saved } = createTasks(createMemoryUpdateLog());
  const task = start();
  const [ada] = await arrive(task);
  await write(ada, 'saved ');
  await snapshot();
  await write(ada, 'lost');
  commits.fail(new Error('down'));
  log.loseTail(document, 1);
  await clock.advance(0);
  ada.leave();
  await ada.open(task);
  ada.sendAll();
  await clock.advance(0);
  commits.heal();
  await clock.advance(700);
  const known = Array.from(ada.durable, (update) => saved().knows(summarize(update)));
  expect(known).not.toContain(false);
  expect(ada.durable.size).toBeLessThan(ada.logged.size);
  await clock.advance(HEALED);
  await snapshot();
  expect(ada.sent.filter((update) => !ada.durable.has(update))).toEqual([]);
  random.mockRestore();
});

it('a log that is empty because its document was deleted stays empty, and who is in it is told', async () => {
  const { log, document, access, clock, start, arrive, write, entries } = createTasks(createMemoryUpdateLog());
  const task = start();
  const [ada] = await arrive(task);
  await write(ada, 'secret');
  access.remove(document);
  await log.remove(document);
  await clock.advance(31_000);
  task.sweep();
  await clock.advance(HEALED);
  expect(await entries()).toEqual([]);
  expect([ada.isHere, task.rooms.size]).toEqual([false, 0]);
});
