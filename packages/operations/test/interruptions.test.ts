// Imports that are cut off, that meet each other, or whose backends fail: the next run completes them, and nothing is there twice.
import { startTcpProxy } from '@codesync/backends';
import { TEXT_NAME } from '@codesync/contract';
import { beforeEach, expect, it } from 'vitest';
import type { ImportDeps } from '../src/import-list.ts';
import { openSourceLists, type SourceLists } from '../src/source-lists.ts';
import { setUpImporting } from './importing.ts';
import { textOf } from './installation.ts';
import { importFrom } from './run-import.ts';

const parts = setUpImporting();

/** One of each way into CodeSync. */
const ROOTS = { 'taken over': TEXT_NAME, copied: 'monaco' } as const;
const TEXT = 'one\rtwo\r\nthree\n';
const NAMES = ['taken over', 'copied'] as const;

beforeEach(async () => {
  for (const name of NAMES) await parts.app.edit(name, (doc) => doc.getText(ROOTS[name]).insert(0, TEXT));
});

const { run, idOf, rows } = parts;
const imported = async (name: string) => textOf(await parts.imported(name));
const texts = () => Promise.all(NAMES.map(imported));
const grow = async () => {
  for (const name of NAMES) await parts.app.edit(name, (doc) => doc.getText(ROOTS[name]).insert(0, 'zero\r'));
};

const log = () => parts.deps.log;
const crash = () => Promise.reject(new Error('The power is off.'));

it.each([
  ['before the append', (): Partial<ImportDeps> => ({ log: { ...log(), append: crash } })],
  [
    'after the append',
    (): Partial<ImportDeps> => ({
      log: {
        ...log(),
        append: async (document, updates) => {
          await log().append(document, updates);
          return crash();
        },
      },
    }),
  ],
])('cut off %s: the next run completes it, also of a list that has grown meanwhile', async (_when, broken) => {
  for (const name of NAMES) {
    await expect(run({ prefix: name }, broken())).rejects.toThrow(
      'Stopped after 0 lists: 0 imported, 0 updated, 0 already there, 0 skipped; another run goes on from there. The power is off.',
    );
  }
  expect(await rows()).toHaveLength(2);
  expect((await run()).complete).toBe(true);
  expect(await texts()).toEqual(['one\ntwo\nthree\n', 'one\ntwo\nthree\n']);

  await grow();
  for (const name of NAMES) await expect(run({ prefix: name }, broken())).rejects.toThrow('The power is off.');
  await grow();
  expect((await run()).complete).toBe(true);
  expect(await texts()).toEqual(['zero\nzero\none\ntwo\nthree\n', 'zero\nzero\none\ntwo\nthree\n']);
  expect((await run()).summary).toBe('2 lists: 0 imported, 0 updated, 2 already there, 0 skipped.');
});

it('what a snapshotter did not hear of is announced again by the next run', async () => {
  const heard: string[] = [];
  const unsubscribe = parts.deps.notices.subscribe((notice) => {
    if (notice.kind === 'edited') heard.push(notice.document);
  });
  await run({}, { notices: { ...parts.deps.notices, publish: crash } });
  expect(heard).toEqual([]);
  await run();
  unsubscribe();
  expect(heard.toSorted()).toEqual(NAMES.map(idOf).toSorted());
});

it('several runs at once: nothing is there twice', async () => {
  for (const round of [1, 2, 3]) {
    const runs = await Promise.all(
      Array.from({ length: 4 }, () => run({}, { leases: parts.deps.leases.connect(), log: log().connect() })),
    );
    expect(runs.map(({ complete }) => complete)).toEqual([true, true, true, true]);
    const zeros = 'zero\n'.repeat(round - 1);
    expect(await texts()).toEqual([`${zeros}one\ntwo\nthree\n`, `${zeros}one\ntwo\nthree\n`]);
    await grow();
  }
  expect(await rows()).toHaveLength(2);
});

it('also when each believes that it is alone', async () => {
  const noLease = async () => ({ renew: async () => true, release: async () => {} });
  const runs = Array.from({ length: 4 }, () => run({}, { leases: { ...parts.deps.leases, take: noLease } }));
  await Promise.all(runs);
  expect(await texts()).toEqual(['one\ntwo\nthree\n', 'one\ntwo\nthree\n']);
  expect(await rows()).toHaveLength(2);
});

it('a dry run writes nothing and says what a run would do', async () => {
  const before = await run({ dryRun: true });
  expect(before.summary).toBe(
    'Dry run, nothing was written: 2 lists: 2 imported, 0 updated, 0 already there, 0 skipped.',
  );
  expect(before.told).toEqual(['"copied" imported: its text is that under "monaco".']);
  expect(await rows()).toEqual([]);
  expect(await texts()).toEqual(['', '']);
  await run();
  await grow();
  expect((await run({ dryRun: true })).summary).toContain('2 updated');
  expect((await run()).summary).toContain('2 updated');
  expect((await run({ dryRun: true })).summary).toContain('2 already there');
});

it('a connection to the source that breaks ends the run with a line, and another run completes it', async () => {
  await parts.app.edit('long', (doc) => {
    for (let i = 0; i < 5_000; i++) doc.getText(TEXT_NAME).insert(i, String(i % 10));
  });
  const proxy = await startTcpProxy(parts.server);
  const lists = await openSourceLists(`redis://${proxy.host}:${proxy.port}`);
  const breaking: SourceLists = {
    ...lists,
    async *lists() {
      for await (const list of lists.lists('long')) yield { ...list, pages: () => broken(list.pages()) };
    },
  };
  async function* broken<T>(pages: AsyncIterable<T>) {
    for await (const page of pages) {
      yield page;
      proxy.drop();
    }
  }
  try {
    await expect(importFrom(breaking, parts.deps, { owner: parts.owner })).rejects.toThrow(
      /^Stopped after 0 lists: .*; another run goes on from there\. Redis at \S+ can't be read \(.+\)\.$/,
    );
  } finally {
    lists.close();
    await proxy.stop();
  }
  expect(await rows()).toEqual([]);
  expect((await run()).summary).toContain('3 imported');
  expect(await imported('long')).toHaveLength(5_000);
});
