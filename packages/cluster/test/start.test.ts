// How a task of production starts over real backends: what it waits for, what it refuses in one line, and what migrating does.
import {
  freePort,
  startPostgres,
  startRedis,
  startS3,
  type PostgresServer,
  type RedisServer,
  type S3Server,
} from '@codesync/backends';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { taskEnvironment, type Environment } from '../src/task-environment.ts';

const run = promisify(execFile);
const mainOf = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const API = mainOf('api/src/main.ts');
const MIGRATE = mainOf('packages/database/src/migrate.ts');

let postgres: PostgresServer;
let redis: RedisServer;
let s3: S3Server;
let environment: Environment;

beforeAll(async () => {
  postgres = await startPostgres();
  redis = await startRedis({ password: 'the right one' });
  s3 = await startS3();
  environment = {
    ...taskEnvironment({
      postgres,
      redis,
      s3,
      publicUrl: 'https://code.example.com',
      allowedOrigins: [],
      jwtSecrets: ['a secret of more than thirty-two characters'],
    }),
    PORT: '0',
    REDIS_PASSWORD: 'the right one',
    DRAIN_WINDOW_MS: '0',
  };
});
afterAll(async () => {
  await s3.stop();
  await redis.stop();
  await postgres.stop();
});

/** The last line that it says of itself; what it logs are other lines. */
async function refusalOf(env: Environment): Promise<string | undefined> {
  const error: unknown = await run(process.execPath, [API], {
    env: { ...environment, LOG_LEVEL: 'silent', ...env },
  }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 1, stdout: '' });
  const { stderr } = error as { stderr: string };
  expect(stderr).toMatch(/^CodeSync api can't start: [^\n]+\.\n$/);
  return stderr.slice("CodeSync api can't start: ".length).trim();
}

interface Started {
  readonly url: string;
  stop(): Promise<number | null>;
}

async function start(env: Environment = {}): Promise<Started> {
  const child = spawn(process.execPath, [API], {
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const url = /^CodeSync api is ready at (\S+)\n$/.exec(String(line))?.[1];
  if (url === undefined) throw new Error(`the api said ${String(line)}`);
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      return child.exitCode;
    },
  };
}

describe('migrating', () => {
  it('before it has, a task does not start, and says what brings the database up to date', async () => {
    expect(await refusalOf({})).toBe(
      `The database postgres at 127.0.0.1:${postgres.port} is not up to date; node packages/database/src/migrate.ts brings it there.`,
    );
  });

  it('at the same time by several processes one does it, and twice is harmless', async () => {
    const migrate = async () => (await run(process.execPath, [MIGRATE], { env: environment })).stdout;
    const said = await Promise.all([migrate(), migrate(), migrate()]);
    const done = /^CodeSync migrate has run 0001-[^\n]+: the database is up to date\.\n$/;
    const nothing = 'CodeSync migrate had nothing to do: the database is up to date.\n';
    expect(said.filter((text) => done.test(text))).toHaveLength(1);
    expect(said.filter((text) => text === nothing)).toHaveLength(2);
    expect(await migrate()).toBe(nothing);
  });

  it('with what cannot be reached is one line', async () => {
    const env = { ...environment, DB_PASSWORD: 'wrong' };
    await expect(run(process.execPath, [MIGRATE], { env })).rejects.toMatchObject({
      code: 1,
      stderr: `CodeSync migrate can't start: Postgres at 127.0.0.1:${postgres.port} refuses DB_USERNAME and DB_PASSWORD.\n`,
    });
  });
});

describe('a task', () => {
  it('says where it listens, answers, and stops with 0', async () => {
    const task = await start();
    expect((await fetch(`${task.url}/api/ready`)).status).toBe(200);
    expect(await task.stop()).toBe(0);
  });

  it('says at once, in one line, what only another configuration mends', async () => {
    const cases = [
      [{ DB_PASSWORD: 'wrong' }, 'refuses DB_USERNAME and DB_PASSWORD.'],
      [{ DB_USERNAME: 'nobody' }, 'refuses DB_USERNAME and DB_PASSWORD.'],
      [{ DB_NAME: 'nowhere' }, 'There is no database nowhere in'],
      [{ DB_SSL: 'true' }, 'DB_SSL=false goes without.'],
      [{ REDIS_PASSWORD: 'wrong' }, 'refuses REDIS_PASSWORD.'],
      [{ REDIS_PASSWORD: '' }, 'refuses REDIS_PASSWORD.'],
      [{ REDIS_CLUSTER: 'true' }, 'REDIS_CLUSTER=false is for a single server.'],
      [{ S3_BUCKET: 'elsewhere' }, 'There is no bucket elsewhere in'],
    ] as const;
    const refusals = await Promise.all(cases.map(([env]) => refusalOf(env)));
    expect(refusals).toEqual(cases.map(([, line]) => expect.stringContaining(line)));
  });

  it('waits for a backend that does not answer yet', async () => {
    const port = await freePort();
    const starting = start({ REDIS_PORT: String(port) });
    const late = await startRedis({ port, password: 'the right one' });
    const task = await starting;
    expect((await fetch(`${task.url}/api/ready`)).status).toBe(200);
    expect(await task.stop()).toBe(0);
    await late.stop();
  });

  it('told to stop while it waits ends with 0', async () => {
    const env = { ...environment, DB_PORT: String(await freePort()), LOG_LEVEL: 'info' };
    const child = spawn(process.execPath, [API], { env, stdio: ['ignore', 'inherit', 'pipe'] });
    const [line] = await once(child.stderr, 'data');
    expect(String(line)).toContain('waiting for a backend');
    child.kill('SIGTERM');
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });
});
