// The database in production: a pool of connections to a Postgres server.
import type { Logger } from '@codesync/storage';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';
import type { OpenDatabase } from './open-database.ts';
import type { Database } from './schema.ts';

export interface PostgresConfig {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
  /** Encrypt, and refuse a server whose certificate is not trusted. */
  readonly ssl: boolean;
  /** Connections at most. */
  readonly max?: number;
}

const MAX_CONNECTIONS = 10;

/** How long a query waits for a connection, in ms: a request fails with a reason instead of hanging while the server is away. */
const CONNECT_TIMEOUT = 5_000;

/** Connects on the first query, so opening succeeds while the server is away; `check` tells. */
export function openPostgres(config: PostgresConfig, logger: Logger): OpenDatabase {
  const pool = new Pool({
    host: config.host,
    port: config.port,
    database: config.database,
    user: config.username,
    password: config.password,
    ssl: config.ssl,
    max: config.max ?? MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
    application_name: 'codesync',
  });
  // A connection that breaks emits 'error' besides failing its query; unheard, that ends the process. The pool hears
  // its idle connections only, so those in use are listened to one by one.
  pool.on('connect', (client) => {
    client.on('error', (error) => logger.warn({ err: error }, 'a database connection broke'));
  });
  pool.on('error', (error) => logger.debug({ err: error }, 'an idle database connection was dropped from the pool'));

  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    async check() {
      await sql`select 1`.execute(db);
    },
    async close() {
      await db.destroy();
      // Kysely ends only a pool that it has queried.
      if (!pool.ending) await pool.end();
    },
  };
}
