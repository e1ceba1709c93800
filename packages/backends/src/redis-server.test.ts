// What tests rely on: a Redis server that dies, comes back, hangs, and is followed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { Address } from './address.ts';
import { withRedis } from './redis-client.ts';
import { startRedis, type RedisOptions, type RedisServer } from './redis-server.ts';

// In ms: servers on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 30_000 });

let servers: RedisServer[] = [];
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
});

async function start(options?: RedisOptions): Promise<RedisServer> {
  const server = await startRedis(options);
  servers.push(server);
  return server;
}

const set = (server: Address, key: string) => withRedis(server, undefined, (ask) => ask('SET', key, 'value'));
const keys = (server: Address) => withRedis(server, undefined, (ask) => ask('KEYS', '*'));

it('a server that was killed comes back on its port, empty, as another process', async () => {
  const server = await start();
  const { pid, port } = server;
  await set(server, 'a');
  await server.kill();
  await expect(keys(server)).rejects.toThrow();
  await server.kill();
  await server.start();
  expect(await keys(server)).toEqual([]);
  expect(server.port).toBe(port);
  expect(server.pid).not.toBe(pid);
});

it('with a folder it holds after kill -9 and after a stop what it held before', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'codesync-redis-test-'));
  try {
    const server = await start({ folder });
    await set(server, 'a');
    await server.kill();
    await server.start();
    await set(server, 'b');
    await server.stop();
    const another = await start({ folder });
    expect(await keys(another)).toEqual(expect.arrayContaining(['a', 'b']));
    await another.stop();
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('a replica follows, and comes back empty when its own folder is all it could have it from', async () => {
  const master = await start();
  await set(master, 'a');
  const replica = await start({ replicaOf: master });
  await vi.waitFor(async () => expect(await keys(replica)).toEqual(['a']), 10_000);
  await set(master, 'b');
  await vi.waitFor(async () => expect(await keys(replica)).toHaveLength(2), 10_000);
  await master.kill();
  await replica.kill();
  await replica.start();
  expect(await keys(replica)).toEqual([]);
});

it('while it hangs connections stand and nothing is answered; then everything is', async () => {
  const server = await start();
  const other = await start();
  const events: string[] = [];
  await withRedis(server, undefined, async (ask) => {
    await ask('PING');
    server.pause();
    const answer = ask('PING').then(() => events.push('answered'));
    await set(other, 'a');
    events.push('resumed');
    server.resume();
    await answer;
  });
  expect(events).toEqual(['resumed', 'answered']);
});

it('a server that hangs can be killed and stopped', async () => {
  const server = await start();
  server.pause();
  await server.kill();
  await server.start();
  server.pause();
  await server.stop();
  await expect(keys(server)).rejects.toThrow();
});

it('a password is asked for, and given to the server that is followed', async () => {
  const password = 'a password';
  const master = await start({ password });
  await expect(keys(master)).rejects.toThrow('NOAUTH');
  await withRedis(master, password, (ask) => ask('SET', 'a', '1'));
  const replica = await start({ password, replicaOf: master });
  await vi.waitFor(async () => {
    expect(await withRedis(replica, password, (ask) => ask('GET', 'a'))).toBe('1');
  }, 10_000);
});

it('settings are taken as redis.conf has them', async () => {
  const server = await start({ settings: { maxmemory: '10mb', 'client-output-buffer-limit': 'pubsub 1mb 1mb 1' } });
  const limits = await withRedis(server, undefined, (ask) => ask('CONFIG', 'GET', 'client-output-buffer-limit'));
  expect(String(limits)).toContain('pubsub 1048576 1048576 1');
});

it('says why it does not start: a port that was asked for and is taken, a setting that is none', async () => {
  const { port } = await start();
  await expect(startRedis({ port })).rejects.toThrow('Address already in use');
  await expect(startRedis({ settings: { nonsense: '1' } })).rejects.toThrow('FATAL CONFIG FILE ERROR');
});

it('a running server is not started again, a stopped one is; stopping twice is harmless', async () => {
  const server = await start();
  await expect(server.start()).rejects.toThrow('is running');
  await set(server, 'a');
  await server.stop();
  await server.stop();
  await expect(keys(server)).rejects.toThrow();
  await server.start();
  expect(await keys(server)).toEqual([]);
});
