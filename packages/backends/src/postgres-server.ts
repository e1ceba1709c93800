// A real Postgres server on a free port of this machine, that can be crashed and started again.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { access, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { platform } from 'node:process';
import { Client } from 'pg';
import { unprivilegedAccount, type Account } from './account.ts';
import { LOOPBACK, onFreePort, type Address } from './address.ts';
import { INHERITED, openKeeper, type Keeper, type Run } from './keeper.ts';
import { findBinaries } from './postgres-binaries.ts';

const USERNAME = 'postgres';
const PASSWORD = 'a password for tests';

// No socket file: two servers would meet in one folder.
const SETTINGS = [
  `listen_addresses=${LOOPBACK}`,
  'unix_socket_directories=',
  'shared_buffers=16MB',
  'io_method=sync',
  'lc_messages=C',
];

/** Durable against a crash of the server, not of the machine: it lives as long as a test file. */
const TEMPORARY = ['fsync=off', 'full_page_writes=off', 'autovacuum=off'];

export interface PostgresOptions {
  /** Where its rows outlive it, on the disk. Made if it is not there. Without: a temporary one. */
  readonly folder?: string;
  /** A free one unless given. */
  readonly port?: number;
}

/** What a client needs to connect, in the shape that openPostgres of our database takes. */
export interface PostgresAccess extends Address {
  readonly database: string;
  readonly username: string;
  readonly password: string;
  readonly ssl: false;
}

export interface PostgresServer extends PostgresAccess {
  /** A database that is there, and empty when the folder is new. */
  readonly config: PostgresAccess;
  /** One more empty database. */
  newDatabase(): Promise<PostgresAccess>;
  /** A crash: its processes end at once, whatever they were doing. No error when it is not running. */
  kill(): Promise<void>;
  /** Again on the same port and folder after it ended. Resolves when it answers; what was committed is there. */
  start(): Promise<void>;
  /** Ends it for good; resolves when its processes and its temporary folder are gone. Twice is harmless. */
  stop(): Promise<void>;
}

export function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  return onFreePort(
    options.port,
    (port) => startOn(port, options.folder),
    (error) => String(error).includes('could not bind'),
  );
}

async function startOn(port: number, persistent: string | undefined): Promise<PostgresServer> {
  const account = unprivilegedAccount();
  const kept = persistent === undefined ? undefined : await prepare(resolve(persistent), account);
  const inherits = kept?.seen === INHERITED ? kept.path : undefined;
  const keeper = await openKeeper({ name: 'postgres', signal: 'INT', account, inherits });
  try {
    const folder = kept ?? { path: keeper.folder, seen: keeper.folder };
    const binaries = await findBinaries(account, keeper.folder);
    await initialize(keeper, binaries, folder);
    const settings = [...SETTINGS, ...(persistent === undefined ? TEMPORARY : [])].flatMap((line) => ['-c', line]);
    const command = [join(binaries, 'postgres'), '-D', join(folder.seen, 'data'), '-p', String(port), ...settings];
    return await startServer(keeper, port, command);
  } catch (error) {
    await keeper.end();
    throw error;
  }
}

interface Folder {
  readonly path: string;
  /** Its path for the account. */
  readonly seen: string;
}

/** Makes the folder, and finds the path by which the account can work in it: a folder above may be closed to it, as /root is. */
async function prepare(path: string, account: Account | undefined): Promise<Folder> {
  await mkdir(path, { recursive: true });
  if (account !== undefined) await chown(path, account.uid, account.gid);
  if (spawnSync('test', ['-w', path], { ...account }).status === 0) return { path, seen: path };
  if (platform === 'linux') return { path, seen: INHERITED };
  throw new Error(`Postgres cannot work in ${path}: it does not run as root, and others may not enter a folder above.`);
}

/** Aside first, then in place: an initialisation that was killed is begun again. */
async function initialize(keeper: Keeper, binaries: string, { path, seen }: Folder): Promise<void> {
  const data = join(path, 'data');
  if (await exists(data)) return;
  const unfinished = join(path, 'unfinished');
  await rm(unfinished, { recursive: true, force: true });
  const passwordFile = join(keeper.folder, 'password');
  await writeFile(passwordFile, `${PASSWORD}\n`);
  // The locale that is built in: the same on every system, and like the server in production it knows more than ASCII.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = [`--username=${USERNAME}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const initdb = [join(binaries, 'initdb'), `--pgdata=${join(seen, 'unfinished')}`, '--no-sync', ...locale, ...access];
  const run = await keeper.start(initdb);
  if ((await run.ended) !== 0) throw new Error(`Postgres was not initialised: ${run.output()}`);
  await rename(unfinished, data);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function startServer(keeper: Keeper, port: number, command: readonly string[]): Promise<PostgresServer> {
  let current: Run;
  let running = false;

  async function start(): Promise<void> {
    if (running) throw new Error(`Postgres on port ${port} is running`);
    const started = await keeper.start(command);
    current = started;
    running = true;
    void started.ended.then(() => {
      if (current === started) running = false;
    });
    await untilReady(started);
  }

  await start();
  const configOf = (database: string): PostgresAccess => ({
    host: LOOPBACK,
    port,
    database,
    username: USERNAME,
    password: PASSWORD,
    ssl: false,
  });
  const config = configOf('postgres');
  return {
    ...config,
    config,
    async newDatabase() {
      const name = `test_${randomUUID().slice(0, 8)}`;
      const client = new Client({ ...config, user: USERNAME });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return configOf(name);
    },
    async kill() {
      // Unlike SIGKILL it reaches all processes of the server, and nothing of it goes on working for a client.
      if (running) process.kill(current.pid, 'SIGQUIT');
      await current.ended;
    },
    start,
    stop: () => keeper.end(),
  };
}

/** Told to clients that come while it recovers from a crash; any other one is its own end. */
const FATAL = /FATAL:(?!\s+the database system is (starting up|not yet accepting connections))/;

async function untilReady(server: Run): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.onOutput((output) => {
    if (output.includes('ready to accept connections')) resolve();
    if (FATAL.test(output)) reject(new Error(`Postgres did not start: ${output}`));
  });
  void server.ended.then(() => reject(new Error(`Postgres ended: ${server.output()}`)));
  await promise;
}
