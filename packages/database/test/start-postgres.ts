// A process that starts a server, says where it is, and waits to be killed. start-postgres.test.ts starts it.
import { openPostgres } from '@codesync/database';
import { startPostgres } from '@codesync/database/testing';
import { silentLogger } from '@codesync/storage';
import { sql } from 'kysely';
import { dirname } from 'node:path';
import { stdout } from 'node:process';

const server = await startPostgres();
const database = openPostgres(server.config, silentLogger);
const { rows } = await sql<{ data_directory: string }>`show data_directory`.execute(database.db);
const folder = dirname(rows[0]?.data_directory ?? '');
stdout.write(`${JSON.stringify({ port: server.config.port, folder })}\n`);
