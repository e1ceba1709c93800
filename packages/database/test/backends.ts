// The two databases that every test of the ports runs on, each migrated, with a second handle as another task has it.
import { startPostgres } from '@codesync/backends';
import { migrateToLatest, openPostgres, type OpenDatabase } from '@codesync/database';
import { openTestDatabase } from '@codesync/database/testing';
import { silentLogger } from '@codesync/storage';

export interface Backend {
  readonly database: OpenDatabase;
  /** Other connections on Postgres. PGlite has one connection and one process. */
  readonly other: OpenDatabase;
  close(): Promise<void>;
}

/** For hooks that open one, in ms: initdb on a machine that is busy with other tests. */
export const OPENING = 60_000;

export const backends = [
  { name: 'PGlite', open: openEmbedded },
  { name: 'Postgres', open: openServer },
] as const;

async function openEmbedded(): Promise<Backend> {
  const database = await openTestDatabase();
  return { database, other: database, close: () => database.close() };
}

async function openServer(): Promise<Backend> {
  const server = await startPostgres();
  const database = openPostgres(server.config, silentLogger);
  const other = openPostgres(server.config, silentLogger);
  await migrateToLatest(database.db);
  return {
    database,
    other,
    async close() {
      await database.close();
      await other.close();
      await server.stop();
    },
  };
}
