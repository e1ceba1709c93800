// The disk below PGlite: that it is asked to keep what is acknowledged, and what happens when it fails.
import { fsyncSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openPGlite } from '../open-pglite.ts';
import { DatabaseStopped, startEngine } from './engine.ts';
import { FolderFs } from './folder-fs.ts';

type Engine = Awaited<ReturnType<typeof startEngine>>;

let parent: string;
let folder: string;
/** Of a disk that works until it is told otherwise. */
let failing: boolean;
let syncs: number;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'codesync-engine-'));
  folder = join(parent, 'database');
  await (await openPGlite(folder)).close();
}, 60_000);
afterAll(() => rm(parent, { recursive: true }));
beforeEach(() => {
  failing = false;
  syncs = 0;
});

const openFiles = () =>
  new FolderFs(folder, {
    synced: false,
    fsync(descriptor) {
      if (failing) throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
      syncs += 1;
      fsyncSync(descriptor);
    },
  });

it('a commit is on disk before it is acknowledged; reading asks nothing of the disk', async () => {
  const engine = await startEngine(openFiles());
  await engine.exec('create table if not exists notes (text text)');
  for (let count = 0; count < 5; count++) {
    const before = syncs;
    await engine.query('insert into notes values ($1)', ['kept']);
    expect(syncs).toBeGreaterThan(before);
  }
  const before = syncs;
  await engine.query('select * from notes');
  expect(syncs).toBe(before);
  await engine.close();
});

it.each([
  ['a statement', (engine: Engine) => engine.query("insert into notes values ('lost')")],
  [
    'a transaction',
    (engine: Engine) => engine.transaction((handle) => handle.query("insert into notes values ('lost')")),
  ],
])('R16: when the disk fails, %s is not acknowledged, and every query after it rejects at once', async (_, write) => {
  const engine = await startEngine(openFiles());
  await engine.exec("create table if not exists notes (text text); insert into notes values ('kept')");

  failing = true;
  await expect(write(engine)).rejects.toThrow();
  await expect(engine.query('select 1')).rejects.toThrow(DatabaseStopped);
  await expect(engine.query('select 1')).rejects.toThrow(/could not fsync file .* I\/O error/);
  await engine.close();

  failing = false;
  const again = await startEngine(openFiles());
  const { rows } = await again.query('select text from notes');
  expect(rows).toContainEqual({ text: 'kept' });
  await again.close();
});

it('ordinary errors of SQL stop nothing', async () => {
  const engine = await startEngine(undefined);
  for (let count = 0; count < 3; count++) {
    await expect(engine.query('select * from nowhere')).rejects.toThrow('relation "nowhere" does not exist');
    await expect(engine.transaction((handle) => handle.query('select 1 / 0'))).rejects.toThrow('division by zero');
  }
  expect((await engine.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await engine.close();
}, 60_000);
