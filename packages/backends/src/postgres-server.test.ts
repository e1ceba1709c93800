// What tests rely on: a Postgres server that crashes and comes back with what was committed.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgres, type PostgresAccess, type PostgresServer } from './postgres-server.ts';

/** In ms: initdb on a machine that is busy with other tests. */
const OPENING = 60_000;

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, OPENING);
afterAll(() => server.stop(), OPENING);

async function query(access: PostgresAccess, text: string): Promise<unknown[]> {
  const client = new Client({ ...access, user: access.username });
  // A server that crashes ends the connection.
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows }: { rows: unknown[] } = await client.query(text);
    return rows;
  } finally {
    await client.end();
  }
}

it('it is reached as it says, and a new database is there and empty', async () => {
  expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  const [first, second] = [await server.newDatabase(), await server.newDatabase()];
  await query(first, 'create table only_here (id integer)');
  await expect(query(second, 'select * from only_here')).rejects.toThrow('does not exist');
});

it(
  'after a crash what was committed is there, and what was not is gone',
  async () => {
    await query(server, 'create table kept (id integer)');
    const client = new Client({ ...server.config, user: server.username });
    client.on('error', () => {});
    await client.connect();
    await client.query('begin');
    await client.query('insert into kept values (1)');
    await query(server, 'insert into kept values (2)');
    await server.kill();
    await server.kill();
    await expect(query(server, 'select 1')).rejects.toThrow('ECONNREFUSED');
    await server.start();
    expect(await query(server, 'select id from kept')).toEqual([{ id: 2 }]);
    await expect(server.start()).rejects.toThrow('is running');
  },
  OPENING,
);

it(
  'it starts again also when clients come before it has recovered',
  async () => {
    await query(server, 'create table many as select generate_series(1, 200000) as id');
    await server.kill();
    const starting = new AbortController();
    const impatient = Array.from({ length: 4 }, async () => {
      while (!starting.signal.aborted) await query(server, 'select 1').catch(() => {});
    });
    await server.start();
    starting.abort();
    await Promise.all(impatient);
    expect(await query(server, 'select count(*)::integer as count from many')).toEqual([{ count: 200_000 }]);
  },
  OPENING,
);

it.each([
  ['open to all', 0o755],
  ['closed to others', 0o700],
])(
  'with a folder below one that is %s its rows outlive it, also on another port',
  async (_, mode) => {
    const folder = await mkdtemp(join(tmpdir(), 'codesync-postgres-test-'));
    await chmod(folder, mode);
    try {
      const first = await startPostgres({ folder: join(folder, 'made') });
      await query(first, 'create table kept as select 1 as id');
      expect(await query(first, 'show fsync')).toEqual([{ fsync: 'on' }]);
      await first.stop();
      await first.stop();
      const second = await startPostgres({ folder: join(folder, 'made') });
      expect(await query(second, 'select id from kept')).toEqual([{ id: 1 }]);
      await second.stop();
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  OPENING,
);

it(
  'a port that was asked for and is taken is said so',
  async () => {
    await expect(startPostgres({ port: server.port })).rejects.toThrow('could not bind');
  },
  OPENING,
);
