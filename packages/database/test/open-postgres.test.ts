// The pool when the server takes its connections away, stops, and is not there.
import { startPostgres, type PostgresServer } from '@codesync/backends';
import { openPostgres, type OpenDatabase } from '@codesync/database';
import { silentLogger, type Logger } from '@codesync/storage';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { OPENING } from './backends.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, OPENING);
afterAll(() => server.stop(), OPENING);

const asks = async (database: OpenDatabase) => (await sql<{ one: number }>`select 1 as one`.execute(database.db)).rows;

describe('a server that ends connections', () => {
  let warnings: string[];
  let database: OpenDatabase;
  let administrator: OpenDatabase;
  beforeEach(async () => {
    warnings = [];
    const logger: Logger = { ...silentLogger, warn: (_, message) => void warnings.push(message) };
    const config = await server.newDatabase();
    database = openPostgres(config, logger);
    administrator = openPostgres(server.config, silentLogger);
    onTestFinished(async () => {
      await database.close();
      await administrator.close();
    });
  });

  const endAll = () =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity where datname like 'test_%'`.execute(administrator.db);

  it('an idle connection that dies is logged, and the next query has a new one', async () => {
    await asks(database);
    await endAll();
    await vi.waitFor(() => expect(warnings).toContain('a database connection broke'));
    expect(await asks(database)).toEqual([{ one: 1 }]);
  });

  it('a connection that dies inside a transaction fails it, is logged, and the pool goes on', async () => {
    const transaction = database.db.transaction().execute(async (handle) => {
      await sql`create table half_done (id integer)`.execute(handle);
      await endAll();
      await vi.waitFor(() => expect(warnings).toContain('a database connection broke'));
      await sql`select 1`.execute(handle);
    });
    await expect(transaction).rejects.toThrow();
    // The server's farewell and the end of the connection come as one error or as two.
    expect(new Set(warnings)).toEqual(new Set(['a database connection broke']));
    expect(await asks(database)).toEqual([{ one: 1 }]);
    expect(await database.db.introspection.getTables()).toEqual([]);
  });
});

it(
  'the check fails while the server is away, and a pool that never connected closes',
  async () => {
    const stopped = await startPostgres();
    const database = openPostgres(stopped.config, silentLogger);
    await database.check();
    await stopped.stop();
    await expect(database.check()).rejects.toThrow();
    await database.close();
    await database.close();

    const never = openPostgres(stopped.config, silentLogger);
    await never.close();
  },
  OPENING,
);

it('no more connections than it was given are open at a time, and the other queries wait', async () => {
  const database = openPostgres({ ...(await server.newDatabase()), max: 2 }, silentLogger);
  const pids = await Promise.all(
    Array.from({ length: 10 }, () => sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(database.db)),
  );
  expect(new Set(pids.map(({ rows }) => rows[0]?.pid)).size).toBe(2);
  await database.close();
});
