// The embedded database in a folder: how it comes to be, what it refuses, and that it stays small.
import { migrateToLatest, openPGlite, type OpenDatabase } from '@codesync/database';
import { sql } from 'kysely';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPENING } from './backends.ts';
import { insertUser } from './rows.ts';

let parent: string;
let folder: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'codesync-pglite-'));
  folder = join(parent, 'not', 'yet', 'there');
});
afterAll(() => rm(parent, { recursive: true }));

describe('in a folder', () => {
  let database: OpenDatabase;
  beforeEach(async () => {
    database = await openPGlite(folder);
    await migrateToLatest(database.db);
  }, OPENING);
  afterEach(() => database.close());

  it('a folder that is not there is made, with nothing left beside it', async () => {
    expect(await readdir(join(parent, 'not', 'yet'))).toEqual(['there']);
    await insertUser(database.db, 'kept');
  });

  it('what was written is there when it is opened again, and closing twice is harmless', async () => {
    await database.close();
    await database.close();
    database = await openPGlite(folder);
    expect(await database.db.selectFrom('users').select('name').execute()).toEqual([{ name: 'kept' }]);
  });

  it('queries at the same time as transactions stay out of them', async () => {
    const transactions = Array.from({ length: 5 }, () =>
      database.db.transaction().execute(async (handle) => {
        await insertUser(handle, 'undone');
        throw new Error('roll back');
      }),
    );
    const inserts = Array.from({ length: 5 }, () => insertUser(database.db, 'beside'));
    const results = await Promise.allSettled([...transactions, ...inserts]);
    expect(results.map((result) => result.status)).toEqual([
      ...Array(5).fill('rejected'),
      ...Array(5).fill('fulfilled'),
    ]);
    const names = await database.db.selectFrom('users').where('name', '!=', 'kept').select('name').execute();
    expect(names.map((row) => row.name)).toEqual(Array(5).fill('beside'));
  });

  it(
    'R16: its write-ahead log stays below 32 MB however much is written, and the check goes on succeeding',
    async () => {
      await sql`create table ballast (text text)`.execute(database.db);
      for (let count = 0; count < 60; count++) {
        await sql`insert into ballast select repeat('x', 1000) from generate_series(1, 1000)`.execute(database.db);
      }
      const segments = await readdir(join(folder, 'pg_wal'));
      expect(segments.length).toBeLessThan(32);
      await database.check();
    },
    OPENING,
  );
});

it(
  'a folder with something else in it is refused by name and left as it is',
  async () => {
    const other = join(parent, 'photos');
    await mkdir(other);
    await writeFile(join(other, 'cat.jpg'), 'meow');
    await expect(openPGlite(other)).rejects.toThrow(other);
    expect(await readdir(other)).toEqual(['cat.jpg']);
    expect(await readdir(parent)).not.toContainEqual(expect.stringContaining('.new-'));
  },
  OPENING,
);

it('a place that is no folder is refused by name', async () => {
  const file = join(parent, 'file');
  await writeFile(file, '');
  await expect(openPGlite(file)).rejects.toThrow(file);
  await expect(openPGlite(join(file, 'below'))).rejects.toThrow(file);
});

it(
  'in memory every database is its own',
  async () => {
    const first = await openPGlite(undefined);
    const second = await openPGlite(undefined);
    await migrateToLatest(first.db);
    await insertUser(first.db);
    await expect(insertUser(second.db)).rejects.toThrow(/does not exist/);
    await first.close();
    await second.close();
  },
  OPENING,
);
