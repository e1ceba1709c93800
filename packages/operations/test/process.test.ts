// The importer as an operator runs it: its own process, its arguments, its exit code, and kill -9.
import { startRedis, startTcpProxy, type RedisServer } from '@codesync/backends';
import { TEXT_NAME } from '@codesync/contract';
import { openPlatform, readConfig, type Platform } from '@codesync/runtime';
import { silentLogger } from '@codesync/storage';
import { Redis } from 'ioredis';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { documentIdOf } from '../src/document-name.ts';
import { startApplication } from './application.ts';
import { startImporter } from './importer-process.ts';
import { addUser, loadDocument, textOf } from './installation.ts';
import { readSession, type } from './sessions.ts';

// Each of these starts whole processes, with a database in them.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const password = 'p@ss/word';
const OWNER = 'ana@example.com';

let server: RedisServer;
let redis: Redis;
let url: string;
let data: string;

beforeAll(async () => {
  server = await startRedis({ password });
  redis = new Redis({ host: server.host, port: server.port, password, db: 3 });
  url = `redis://:${encodeURIComponent(password)}@${server.host}:${server.port}/3`;
  data = await mkdtemp(join(tmpdir(), 'codesync-import-'));
  await withPlatform((platform) => addUser(platform.database, OWNER));
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
  await rm(data, { recursive: true, force: true });
});

beforeEach(() => redis.flushdb());

async function withPlatform<T>(look: (platform: Platform) => Promise<T>): Promise<T> {
  const platform = await openPlatform(readConfig('embedded', { CODESYNC_DATA: data }), silentLogger);
  try {
    return await look(platform);
  } finally {
    await platform.close();
  }
}

const run = (...args: readonly string[]) => startImporter(args).ended;
const imports = (...args: readonly string[]) => run('--redis', url, '--owner', OWNER, '--data', data, ...args);

async function fill(names: readonly string[], edit: (text: ReturnType<Y.Doc['getText']>, name: string) => void) {
  const app = startApplication({ host: server.host, port: server.port, password, db: 3 });
  for (const name of names) await app.edit(name, (doc) => edit(doc.getText(TEXT_NAME), name));
  await app.close();
}

describe('what stands in the way is told in one line, with exit code 1', () => {
  it('arguments that are missing', async () => {
    expect(await run('--redis', url)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^--owner is missing\. Usage: node packages.*\n$/),
    });
  });

  it('a source that does not answer, or not to this password, or that has no such database', async () => {
    const wrong = (address: string) => run('--redis', address, '--owner', OWNER, '--data', data);
    const [gone, refused, missing] = await Promise.all([
      wrong('redis://127.0.0.1:1'),
      wrong(url.replace('word@', 'wort@')),
      wrong(url.replace(/3$/, '99')),
    ]);
    expect(gone).toEqual({
      code: 1,
      stdout: '',
      stderr: "Redis at 127.0.0.1:1 can't be read (connect ECONNREFUSED 127.0.0.1:1).\n",
    });
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^Redis at .*WRONGPASS.*\n$/) });
    expect(missing).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Redis at .*out of range.*\n$/),
    });
  });

  it('nobody with that address, and a data folder that is not there or in use', async () => {
    const folder = join(data, 'missing');
    const [nobody, nowhere] = await Promise.all([
      imports('--owner', 'bo@example.com'),
      run('--redis', url, '--owner', OWNER, '--data', folder),
    ]);
    expect(nobody).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Nobody has the e-mail address bo@example.com: the owner registers first.\n',
    });
    expect(nowhere).toEqual({ code: 1, stdout: '', stderr: `There is no data folder ${folder}.\n` });
    expect(await readdir(data)).not.toContain('missing');
    await withPlatform(async () => {
      expect(await imports()).toEqual({
        code: 1,
        stdout: '',
        stderr: `The data folder ${data} is in use by another process.\n`,
      });
    });
  });

  it('an installation that the environment does not name whole', async () => {
    expect(await run('--redis', url, '--owner', OWNER)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^[A-Z_]+ is missing\.\n$/),
    });
  });
});

it('a dry run, a run and one more, with what was skipped in the exit code', async () => {
  await fill(['a.ts', 'b.ts'], (text, name) => text.insert(0, `// ${name}\r\n`));
  await redis.rpush('damaged:updates', 'garbage');
  expect(await imports('--dry-run')).toEqual({
    code: 1,
    stdout: 'Dry run, nothing was written: 3 lists: 2 imported, 0 updated, 0 already there, 1 skipped.\n',
    stderr: '"damaged" skipped: damaged: entry 0 of the list cannot be read as a Yjs update.\n',
  });
  await withPlatform(async ({ database }) => {
    expect(await database.selectFrom('documents').select('id').execute()).toEqual([]);
  });
  expect((await imports()).stdout).toBe('3 lists: 2 imported, 0 updated, 0 already there, 1 skipped.\n');
  await redis.del('damaged:updates');
  expect(await imports('--owner', ` ${OWNER.toUpperCase()}`)).toEqual({
    code: 0,
    stdout: '2 lists: 0 imported, 0 updated, 2 already there, 0 skipped.\n',
    stderr: '',
  });
});

it('killed with kill -9 again and again, it completes in the end: each document once, whole', async () => {
  const session = readSession('sveltecomponent');
  const names = Array.from({ length: 40 }, (_, index) => `document ${index}`);
  await fill(names, (text, name) => {
    type(text, session, 0, 100 * (1 + (Number(name.split(' ')[1]) % 5)));
    text.insert(0, `${name}\n`);
  });
  const monitor = await redis.monitor();
  for (const killed of [10, 20, 30]) {
    const proxy = await startTcpProxy(server);
    // However late the kill comes, it comes before the end.
    proxy.stall((sent) => sent.toString('latin1').split('lrange').length > killed + 5);
    const through = url.replace(`:${server.port}/`, `:${proxy.port}/`);
    const child = startImporter(['--redis', through, '--owner', OWNER, '--data', data]);
    let read = 0;
    const kill = (_time: string, [command = '']: string[]) => {
      // Right behind the row and the text of a document before.
      if (command.toLowerCase() === 'lrange' && ++read === killed) child.kill('SIGKILL');
    };
    monitor.on('monitor', kill);
    await child.ended;
    monitor.off('monitor', kill);
    await proxy.stop();
    expect(child.signalCode).toBe('SIGKILL');
  }
  monitor.disconnect();
  const { code, stdout } = await imports();
  expect(code).toBe(0);
  const [, imported = '', there = ''] =
    /^40 lists: (\d+) imported, 0 updated, (\d+) already there, 0 skipped\.\n$/.exec(stdout) ?? [];
  expect([Number(imported) + Number(there), Number(there) > 0, Number(imported) > 0]).toEqual([40, true, true]);
  await withPlatform(async (platform) => {
    const rows = await platform.database
      .selectFrom('documents')
      .where('title', 'like', 'document %')
      .select('id')
      .execute();
    expect(rows.map(({ id }) => id).toSorted()).toEqual(names.map((name) => documentIdOf(name, OWNER)).toSorted());
    for (const name of names) {
      const expected = new Y.Doc();
      for (const update of await redis.lrangeBuffer(`${name}:updates`, 0, -1)) Y.applyUpdate(expected, update);
      const doc = await loadDocument(documentIdOf(name, OWNER), platform);
      expect(textOf(doc)).toBe(textOf(expected));
    }
  });
});
