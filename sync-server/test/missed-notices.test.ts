// Notices that are lost: the truth is looked at again, at once when something says so, else soon (R1, R14, R24).
import { CLOSE } from '@codesync/contract';
import { createMemoryUpdateLog } from '@codesync/storage/memory';
import { expect, it, vi } from 'vitest';
import { createFailoverLog } from '../src/testing/failover-log.ts';
import { createTasks } from '../src/testing/tasks.ts';
import { createTypist, updateFrameOf } from '../src/testing/typist.ts';
import { createParts, startTestServer } from './test-server.ts';

const SOON = { timeout: 8_000, interval: 10 };

/** What a client sends on joining holds nothing here, and is durable at once. */
const NOTHING_TYPED = 1;

it('R14, R24: who lost access meanwhile is out, and what was saved meanwhile is told', async () => {
  const parts = createParts();
  const server = await startTestServer(parts);
  const ada = await parts.person('Ada');
  const ben = await parts.person('Ben');
  const document = parts.document([ada, 'owner'], [ben, 'editor']);
  const author = await server.bare(ada, document, { params: { codesync: '1' } });
  const removed = await server.bare(ben, document);
  for (const client of [author, removed]) await vi.waitFor(() => expect(client.frames.length).toBeGreaterThan(0), SOON);

  parts.notices.mute(true);
  author.send(updateFrameOf(createTypist().type('saved')));
  parts.access.revoke(document, ben.user.id);
  await parts.notices.publish({ kind: 'access-changed', document, user: ben.user.id });
  await vi.waitFor(async () => expect(await parts.snapshots.head(document)).toBeDefined(), SOON);
  expect(author.heard().some(({ kind }) => kind === 'durable')).toBe(false);
  expect(removed.socket.readyState).toBe(removed.socket.OPEN);

  parts.notices.mute(false);
  expect(await removed.closed).toBe(CLOSE.noAccess);
  await vi.waitFor(() => expect(author.heard()).toContainEqual({ kind: 'durable', count: 1 }), SOON);
});

async function written() {
  const world = createTasks(createMemoryUpdateLog());
  const task = world.start();
  const [ada] = await world.arrive(task);
  await world.write(ada, 'saved');
  world.notices.mute(true);
  return { ...world, task, ada };
}

it('R24: what was saved meanwhile is told when something says that notices were missed', async () => {
  const { notices, snapshot, clock, ada } = await written();
  await snapshot();
  await clock.advance(0);
  expect(ada.durable.size).toBe(NOTHING_TYPED);
  notices.mute(false);
  await clock.advance(0);
  expect(ada.durable).toEqual(ada.logged);
});

it('R24: and a quarter of a minute later when nothing says so, also while people type on', async () => {
  const { snapshot, clock, task, ada, write } = await written();
  await snapshot();
  await write(ada, ' and not saved');
  for (let i = 0; i < 4; i++) {
    await clock.advance(5_000);
    task.sweep();
  }
  await clock.advance(0);
  expect(ada.durable.size).toBe(2);
  expect(ada.logged.size).toBe(3);
});

it('R24: what was saved before someone came is told at once, also when the log was not trimmed to it', async () => {
  const { log, snapshot, start, arrive, write, coldText } = createTasks(createFailoverLog());
  const [ada] = await arrive(start());
  await write(ada, 'saved');
  log.trim = () => Promise.reject(new Error('not now'));
  await expect(snapshot()).rejects.toThrow('not now');
  const [ben] = await arrive(start());
  expect([ben.text.toString(), ben.durable.size]).toEqual(['saved', 1]);
  expect(ben.durable).toEqual(ben.logged);
  await write(ben, ' and more');
  expect([await coldText(), ben.durable.size]).toEqual(['saved and more', 1]);
});

it('while nothing is saved the store is asked now and then, and not at every sweep', async () => {
  const { clock, task, commits } = await written();
  const list = vi.spyOn(commits, 'list');
  for (let i = 0; i < 12; i++) {
    await clock.advance(5_000);
    task.sweep();
  }
  await clock.advance(0);
  expect(list.mock.calls.length).toBeGreaterThan(1);
  expect(list.mock.calls.length).toBeLessThanOrEqual(4);
});
