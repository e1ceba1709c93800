// A real Postgres server for tests, on a free port of this machine, in a temporary folder.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { PostgresConfig } from '../open-postgres.ts';
import { findBinaries, postgresAccount, type Account } from './postgres-binaries.ts';

const run = promisify(execFile);

const USERNAME = 'postgres';
const PASSWORD = 'a password for tests';

/** Another server may take the port between our asking for a free one and Postgres binding it. */
const ATTEMPTS = 5;

// Durable against nothing: it lives as long as a test file. No socket file: two servers would meet in one folder.
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'shared_buffers=16MB',
  'io_method=sync',
  'autovacuum=off',
  'lc_messages=C',
].flatMap((setting) => ['-c', setting]);

/**
 * Starts the server, and ends it when standard input does: that is a pipe from the test's process, so however that one ends,
 * also by kill -9, the server stops and its folder goes.
 */
const KEEPER = `
folder=$1 postgres=$2; shift 2
trap : HUP INT TERM
"$postgres" -D "$folder/data" "$@" &
server=$!
read -r _
kill -INT $server
wait $server
rm -rf "$folder"
`;

export interface PostgresServer {
  /** A database that is there and empty. */
  readonly config: PostgresConfig;
  /** One more empty database. */
  newDatabase(): Promise<PostgresConfig>;
  /** Resolves when its processes and its folder are gone. Twice is harmless. */
  stop(): Promise<void>;
}

export async function startPostgres(): Promise<PostgresServer> {
  const account = postgresAccount();
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(account);
    } catch (error) {
      if (attempt === ATTEMPTS || !String(error).includes('could not bind')) throw error;
    }
  }
}

async function startOnce(account: Account | undefined): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'codesync-postgres-'));
  try {
    if (account !== undefined) await chown(folder, account.uid, account.gid);
    const binaries = await findBinaries(account, folder);
    await initialize(binaries, folder, account);
    return await startServer(join(binaries, 'postgres'), folder, account);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function initialize(binaries: string, folder: string, account: Account | undefined): Promise<void> {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${PASSWORD}\n`);
  // The locale that is built in: the same on every system, and like the server in production it knows more than ASCII.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${USERNAME}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  await run(join(binaries, 'initdb'), [`--pgdata=${join(folder, 'data')}`, '--no-sync', ...locale, ...access], {
    cwd: folder,
    ...account,
  });
}

async function startServer(postgres: string, folder: string, account: Account | undefined): Promise<PostgresServer> {
  const port = await freePort();
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', folder, postgres, '-p', String(port), ...SETTINGS], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'],
    ...account,
  });
  const ended = once(keeper, 'exit');
  const end = async () => {
    keeper.stdin.end();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilReady(keeper.stderr);
  } catch (error) {
    await end();
    throw error;
  }
  return createPostgresServer(port, end);
}

async function untilReady(stderr: NodeJS.ReadableStream): Promise<void> {
  let output = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stderr.setEncoding('utf8');
  // Read to the end, beyond what is waited for: a full pipe would stop the server.
  stderr.on('data', (text: string) => {
    output = (output + text).slice(-10_000);
    if (output.includes('ready to accept connections')) resolve();
    if (output.includes('FATAL')) reject(new Error(`Postgres did not start: ${output}`));
  });
  stderr.on('end', () => reject(new Error(`Postgres ended: ${output}`)));
  await promise;
}

function createPostgresServer(port: number, end: () => Promise<void>): PostgresServer {
  const configOf = (database: string): PostgresConfig => ({
    host: '127.0.0.1',
    port,
    database,
    username: USERNAME,
    password: PASSWORD,
    ssl: false,
  });
  const config = configOf('postgres');
  let databases = 0;
  let stopping: Promise<void> | undefined;
  return {
    config,
    async newDatabase() {
      const name = `test_${++databases}`;
      const client = new Client({ ...config, user: USERNAME });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return configOf(name);
    },
    stop: () => (stopping ??= end()),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
