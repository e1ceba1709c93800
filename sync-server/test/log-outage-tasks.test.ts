// The log is down, or hangs, or does what it does not answer, and people are on several tasks (R2, R8).
import { createMemoryUpdateLog } from '@codesync/storage/memory';
import { expect, it } from 'vitest';
import { createFailoverLog } from '../src/testing/failover-log.ts';
import { createPerson } from '../src/testing/person.ts';
import { createTasks } from '../src/testing/tasks.ts';
import { createTypist } from '../src/testing/typist.ts';

it('R8: two seconds after a long outage everyone has everything, and is told that it is logged', async () => {
  const { log, clock, start, arrive, write, coldText } = createTasks(createMemoryUpdateLog());
  const [here, there] = [start(log.connect()), start(log.connect())];
  const [ada, ben, cy] = await arrive(here, here, there);
  log.fail(new Error('down'));
  for (let i = 0; i < 60; i++) {
    await write(ada, `a${i} `);
    await write(cy, `c${i} `);
    await clock.advance(5_000);
    here.sweep();
    there.sweep();
  }
  expect(ben.text.toString()).toBe(ada.text.toString());
  expect([ada.logged.size, cy.logged.size]).toEqual([1, 1]);
  log.heal();
  await clock.advance(2_000);
  expect([ada.text.toString(), ben.text.toString()]).toEqual([cy.text.toString(), cy.text.toString()]);
  expect(await coldText()).toBe(ada.text.toString());
  expect([ada.logged.size, cy.logged.size]).toEqual([ada.sent.length, cy.sent.length]);
});

it('R8: what waits is tried at once when the connection is back', async () => {
  const { log, clock, start, arrive, write, coldText } = createTasks(createMemoryUpdateLog());
  const [ada] = await arrive(start());
  log.fail(new Error('down'));
  await write(ada, 'waiting');
  await clock.advance(60_100);
  log.heal();
  log.mute(false);
  await clock.advance(1);
  expect(await coldText()).toBe('waiting');
});

it('R8: it keeps nobody out of a room that is open, and nobody waiting for one that is not', async () => {
  const { log, start, arrive, write } = createTasks(createMemoryUpdateLog());
  const [open, other] = [start(log.connect()), start(log.connect())];
  const [ada] = await arrive(open);
  await write(ada, 'before ');
  log.fail(new Error('down'));
  await write(ada, 'during');
  const [ben] = await arrive(open);
  expect(ben.text.toString()).toBe('before during');
  await expect(createPerson().open(other)).rejects.toThrow('down');
  expect(other.rooms.size).toBe(0);
  log.heal();
  const [cy] = await arrive(other);
  expect(cy.text.toString()).toContain('before');
});

it('R8: while it hangs people here see each other before it has said that it is down', async () => {
  const { log, clock, start, arrive, write } = createTasks(createFailoverLog());
  const [ada, ben] = await (async () => {
    const task = start();
    return arrive(task, task);
  })();
  const append = log.append.bind(log);
  const back = Promise.withResolvers<void>();
  log.append = async (...request) => {
    await back.promise;
    return append(...request);
  };
  await write(ada, 'hanging');
  await clock.advance(600);
  expect(ben.text.toString()).toBe('hanging');
  expect(ada.logged.size).toBe(1);
  back.resolve();
  await clock.advance(0);
  expect(ada.logged.size).toBe(2);
});

it('R2: what it took and did not answer is logged twice, shown once and acked once', async () => {
  const { log, clock, start, arrive, write, entries, coldText } = createTasks(createFailoverLog());
  const [here, there] = [start(), start()];
  const [ada, ben] = await arrive(here, there);
  log.fault = 'unanswered';
  await write(ada, 'once ');
  await clock.advance(50);
  log.fault = 'none';
  await clock.advance(1_000);
  await write(ada, 'more');
  expect((await entries()).length).toBeGreaterThan(2);
  expect([ada.text.toString(), ben.text.toString(), await coldText()]).toEqual(Array(3).fill('once more'));
  expect(ada.logged.size).toBe(ada.sent.length);
  expect([ada.asked, ben.asked]).toEqual([1, 1]);
  expect(ben.received).toBe(2);
});

it('R8, R16: while it takes entries and cannot be read, people are logged, and saved when it can', async () => {
  const { log, document, clock, start, arrive, write, coldText, snapshot } = createTasks(createFailoverLog());
  const task = start();
  const [ada, ben] = await arrive(task, task);
  log.push = () => {};
  await log.append(document, [createTypist().type('unheard')]);
  log.fault = 'unreadable';
  for (let i = 0; i < 250; i++) await write(ada, `${i} `);
  expect(ben.text.toString()).toBe(ada.text.toString());
  expect(ada.logged.size).toBe(ada.sent.length);
  log.fault = 'none';
  await clock.advance(6_000);
  expect(ada.text.toString()).toContain('unheard');
  expect([ben.text.toString(), await coldText()]).toEqual([ada.text.toString(), ada.text.toString()]);
  await snapshot();
  expect(ada.durable).toEqual(ada.logged);
});
