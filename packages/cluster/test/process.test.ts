// The process of `npm run cluster`, from outside: what it says, what it refuses, how it ends, and what it leaves.
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startClusterProcess, stillRunning } from './cluster-process.ts';
import { register, signedIn } from './person.ts';

let data = '';
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'codesync-cluster-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

const start = (env: Record<string, string> = {}) => startClusterProcess({ CODESYNC_DATA: data, ...env });

it('runs two tasks of each kind over real backends, stops them all with 0, and has everything when it starts again', async () => {
  const before = start();
  const url = await before.ready;
  expect(url).toMatch(/^http:\/\/localhost:\d+$/);
  for (const path of ['/', '/api/health', '/api/ready', '/socket/health', '/socket/ready']) {
    expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
  }
  const started = before.descendants();
  const count = (part: string) => started.filter(({ command }) => command.includes(part)).length;
  expect([count('/api/src/main.ts'), count('/sync-server/src/main.ts')]).toEqual([2, 2]);
  expect(count('redis-server ')).toBe(1);
  expect(count('bin/postgres ')).toBe(1);
  expect((await stat(join(data, 'cluster', 'jwt-secret'))).mode & 0o777).toBe(0o600);
  const ana = await register(url);
  const document = await ana.createDocument('kept text');

  before.signal('SIGTERM');
  expect(await before.ended).toEqual({ code: 0, stdout: `CodeSync is ready at ${url}\n`, stderr: '' });
  expect(stillRunning(started)).toEqual([]);

  const after = start();
  const again = await after.ready;
  expect(await signedIn(again, ana.token).read(document)).toBe('kept text');
  after.signal('SIGINT');
  after.signal('SIGINT');
  expect((await after.ended).code).toBe(0);
});

it('after kill -9 nothing of it stays, and the next one has everything, at once', async () => {
  const before = start();
  const ana = await register(await before.ready);
  const document = await ana.createDocument('kept text');
  const started = before.descendants();
  before.signal('SIGKILL');
  await before.ended;

  const after = start();
  expect(await signedIn(await after.ready, ana.token).read(document)).toBe('kept text');
  await vi.waitFor(() => expect(stillRunning(started)).toEqual([]), { timeout: 30_000, interval: 100 });
});

it('a task that dies is started again, and people go on meanwhile', async () => {
  const cluster = start();
  const url = await cluster.ready;
  const ana = await register(url);
  const document = await ana.createDocument('before');
  const isApi = ({ command }: { command: string }) => command.includes('/api/src/main.ts');
  const [victim] = cluster.descendants().filter(isApi);
  if (victim === undefined) throw new Error('there is no api task');
  process.kill(victim.pid, 'SIGKILL');
  // What it was sent in its last moment nobody may send again.
  await vi.waitFor(() => expect(stillRunning([victim])).toEqual([]));
  for (const text of ['one', 'two', 'three', 'four']) {
    await ana.write(document, text);
    expect(await ana.read(document)).toBe(text);
  }
  await vi.waitFor(
    () => {
      const apis = cluster.descendants().filter(isApi);
      expect(apis).toHaveLength(2);
      expect(apis).not.toContainEqual(victim);
    },
    { timeout: 30_000, interval: 100 },
  );
  cluster.signal('SIGTERM');
  const { code, stderr } = await cluster.ended;
  expect(code).toBe(0);
  expect(stderr).toContain('has died (SIGKILL) and is started again');
});

it('a data folder in use is refused in one line that names it, and its owner goes on', async () => {
  const first = start();
  const url = await first.ready;
  const { code, stdout, stderr } = await start().ended;
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: `CodeSync can't start: The data folder ${data} is in use by another process.\n`,
  });
  expect((await fetch(`${url}/api/ready`)).status).toBe(200);
});

it('what stands in the way is said in one line', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const file = join(data, 'file');
  await writeFile(file, '');
  const cases = [
    [{ PORT: String(port) }, `Port ${port} on 127.0.0.1 is in use[^\\n]*`],
    [{ CODESYNC_DATA: join(file, 'data') }, `The data folder ${join(file, 'data')} can't be written [^\\n]*`],
    [{ SNAPSHOT_INTERVAL_MS: 'soon' }, 'SNAPSHOT_INTERVAL_MS [^\\n]*'],
    [{ JWT_SECRET: 'too short for production' }, 'JWT_SECRET [^\\n]*'],
  ] as const;
  for (const [env, line] of cases) {
    const { code, stdout, stderr } = await start(env).ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^CodeSync can't start: ${line}\\n$`));
  }
  other.close();
});

it('a signal while it is starting ends it with 0, without the line, and nothing stays', async () => {
  const cluster = start();
  let started = cluster.descendants();
  await vi.waitFor(() => {
    started = cluster.descendants();
    expect(started.some(({ command }) => command.includes('postgres'))).toBe(true);
  }, 30_000);
  cluster.signal('SIGTERM');
  expect(await cluster.ended).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(stillRunning(started)).toEqual([]);
});
