// A real Redis server on a free port of this machine, that can be killed, started again and made to hang.
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { LOOPBACK, onFreePort, type Address } from './address.ts';
import { openKeeper, type Keeper, type Run } from './keeper.ts';
import { withRedis } from './redis-client.ts';

export interface RedisOptions {
  /** A free one unless given. */
  readonly port?: number;
  /** Where what it holds outlives it, to the last second, by an append-only file. Without: in memory alone. */
  readonly folder?: string;
  readonly replicaOf?: Address;
  /** Also what it tells the server that it follows. */
  readonly password?: string;
  /** More lines of redis.conf, by their names. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface RedisServer extends Address {
  /** Of the process that runs, or ran last. */
  readonly pid: number;
  /** kill -9; resolves when it is gone. No error when it is not running. */
  kill(): Promise<void>;
  /** Once more on the same port after it ended, by whatever: empty, unless it has a folder. Resolves when it answers. */
  start(): Promise<void>;
  /** The process hangs: connections stay, nothing is answered. */
  pause(): void;
  resume(): void;
  /** Ends it and removes its temporary folder. Twice is harmless. */
  stop(): Promise<void>;
}

/** Between looks whether it answers, in ms. */
const POLL = 20;

/** Until it answers, in ms: reading a large append-only file takes long. A password that it was not told of would take for ever. */
const TIMEOUT = 60_000;

export function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  return onFreePort(
    options.port,
    (port) => startOn(port, options),
    (error) => String(error).includes('Address already in use'),
  );
}

async function startOn(port: number, options: RedisOptions): Promise<RedisServer> {
  const address: Address = { host: LOOPBACK, port };
  let keeper: Keeper | undefined;
  let folder = '';
  let command: readonly string[] = [];
  let run: Run;
  let running = false;

  async function open(): Promise<Keeper> {
    // What outlives it has to be written first; nothing else is worth waiting for.
    const opened = await openKeeper({ name: 'redis', signal: options.folder === undefined ? 'KILL' : 'TERM' });
    folder = options.folder === undefined ? join(opened.folder, 'data') : resolve(options.folder);
    command = ['redis-server', ...argumentsOf(port, opened.folder, folder, options)];
    return opened;
  }

  async function start(): Promise<void> {
    if (running) throw new Error(`Redis on port ${port} is running`);
    keeper ??= await open();
    // A replica leaves a copy of what it followed in its folder.
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    const current = await keeper.start(command);
    run = current;
    running = true;
    void current.ended.then(() => {
      if (run === current) running = false;
    });
    await untilAnswers(current, address, options.password);
  }

  async function stop(): Promise<void> {
    await keeper?.end();
    keeper = undefined;
  }

  function signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    if (!running) throw new Error(`Redis on port ${port} is not running`);
    process.kill(run.pid, name);
  }

  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    ...address,
    get pid() {
      return run.pid;
    },
    async kill() {
      if (running) process.kill(run.pid, 'SIGKILL');
      await run.ended;
    },
    start,
    pause: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    stop,
  };
}

function argumentsOf(port: number, scratch: string, folder: string, options: RedisOptions): string[] {
  const { replicaOf, password, settings } = options;
  const all: Record<string, string> = {
    bind: LOOPBACK,
    port: String(port),
    dir: folder,
    // A cluster's node knows its cluster also after a restart without its data.
    'cluster-config-file': join(scratch, 'nodes.conf'),
    // No snapshots on its own account.
    save: '',
    appendonly: options.folder === undefined ? 'no' : 'yes',
    appendfsync: 'everysec',
    // Otherwise a server with a replica that lags waits for it, and a replica's first copy waits for others to come.
    'shutdown-timeout': '0',
    'repl-diskless-sync-delay': '0',
    ...(replicaOf === undefined ? {} : { replicaof: `${replicaOf.host} ${replicaOf.port}` }),
    ...(password === undefined ? {} : { requirepass: password, masterauth: password }),
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
}

/** Also that it is this one: another server could have taken the port. */
async function untilAnswers(run: Run, address: Address, password: string | undefined): Promise<void> {
  const deadline = Date.now() + TIMEOUT;
  const gone = run.ended.then(() => 'gone' as const);
  while (!(await answers(address, password, run.pid))) {
    if ((await Promise.race([gone, setTimeout(POLL)])) === 'gone' || Date.now() > deadline) {
      throw new Error(`Redis did not start: ${run.output()}`);
    }
  }
}

async function answers(address: Address, password: string | undefined, pid: number): Promise<boolean> {
  try {
    return await withRedis(address, password, async (ask) => {
      // While it reads its append-only file this is an error, unlike INFO.
      await ask('PING');
      return String(await ask('INFO', 'server')).includes(`process_id:${pid}\r\n`);
    });
  } catch {
    return false;
  }
}
