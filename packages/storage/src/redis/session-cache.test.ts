// Sessions with Redis in front of their truth: who asks it and when, and what holds while Redis is away or has lost everything.
import { startRedis, startTcpProxy, type RedisServer, type TcpProxy } from '@codesync/backends';
import { newSessionId, newUserId, type SessionId } from '@codesync/contract';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createMemorySessionStore, type MemorySessionStore } from '../memory/index.ts';
import type { SessionStore } from '../session-store.ts';
import { openRedis, type RedisConnection } from './open-redis.ts';
import { createRedisSessionStore } from './session-cache.ts';
import { untilWorks } from './testing/until-works.ts';

const NOW = Date.UTC(2026, 0, 1);
const DAY = 24 * 60 * 60_000;
const MINUTE = 60_000;

let server: RedisServer;
let proxy: TcpProxy;
let redis: RedisConnection;
let cut: RedisConnection;
let truth: MemorySessionStore;
let here: SessionStore;
/** Another task's, which the proxy can cut off. */
let there: SessionStore;

const user = newUserId();
let session: SessionId;
const keyOf = (id: SessionId): string => `codesync:{session:${id}}`;

beforeAll(async () => {
  server = await startRedis();
  proxy = await startTcpProxy(server);
  redis = openRedis(server);
  cut = openRedis(proxy, { commandTimeout: 500 });
});
afterAll(async () => {
  await Promise.all([redis.close(), cut.close()]);
  await proxy.stop();
  await server.stop();
});
beforeEach(async () => {
  truth = createMemorySessionStore();
  here = createRedisSessionStore(redis, truth);
  there = createRedisSessionStore(cut, truth);
  session = newSessionId();
  await untilWorks(() => Promise.all([redis.check(), cut.check()]));
  await truth.begin(session, user, NOW + DAY);
});
afterEach(() => proxy.refuse(false));

async function cutOff(): Promise<void> {
  proxy.refuse(true);
  proxy.drop();
  await vi.waitFor(() => expect(cut.commands.status).not.toBe('ready'));
}

/** What is remembered is remembered in the background. */
async function untilRemembered(): Promise<void> {
  await vi.waitFor(async () => expect(await redis.commands.exists(keyOf(session))).toBe(1));
}

it('the truth is asked once, and what it said is remembered for every task, for a minute at most', async () => {
  expect(await here.find(session, NOW)).toBe(user);
  await untilRemembered();
  truth.fail(new Error('Postgres is down'));
  expect(await here.find(session, NOW)).toBe(user);
  expect(await there.find(session, NOW)).toBe(user);
  expect(await there.find(session, NOW + DAY)).toBeUndefined();
  expect(await redis.commands.pttl(keyOf(session))).toBeLessThanOrEqual(MINUTE);
});

it('R15: what neither Redis nor the truth knows rejects, and is not taken for signed out', async () => {
  truth.fail(new Error('Postgres is down'));
  await expect(here.find(session, NOW)).rejects.toThrow('Postgres is down');
  truth.heal();
  expect(await here.find(session, NOW)).toBe(user);
});

it('R14: a session that ends while another task reads it from the truth stays ended', async () => {
  const read = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const slow = createRedisSessionStore(cut, {
    ...truth,
    async look(id, now) {
      const found = await truth.look(id, now);
      read.resolve();
      await goOn.promise;
      return found;
    },
  });
  const reading = slow.find(session, NOW);
  await read.promise;
  await here.end(session);
  goOn.resolve();
  // It was asked before the end.
  expect(await reading).toBe(user);
  await cut.check();
  expect(await here.find(session, NOW)).toBeUndefined();
  expect(await there.find(session, NOW)).toBeUndefined();
  expect(await slow.find(session, NOW)).toBeUndefined();
});

it('R14: an answer that waited for longer than it may be remembered is not remembered', async () => {
  const late = createRedisSessionStore(redis, truth, { clock: { now: () => Date.now() - 2 * MINUTE } });
  expect(await late.find(session, NOW)).toBe(user);
  await redis.check();
  expect(await redis.commands.exists(keyOf(session))).toBe(0);
});

it('while Redis is away the truth is asked', async () => {
  await cutOff();
  expect(await there.find(session, NOW)).toBe(user);
  await here.end(session);
  expect(await there.find(session, NOW)).toBeUndefined();
});

it('R15: an end that Redis could not be told rejects although the truth knows it; ending again works when Redis is back', async () => {
  expect(await here.find(session, NOW)).toBe(user);
  await untilRemembered();
  await cutOff();
  await expect(there.end(session)).rejects.toThrow('not every task could be told');
  expect(await truth.find(session, NOW)).toBeUndefined();
  proxy.refuse(false);
  await untilWorks(() => there.end(session));
  expect(await here.find(session, NOW)).toBeUndefined();
});

it('R15: when the truth cannot end a session it has not ended', async () => {
  truth.fail(new Error('Postgres is down'));
  await expect(here.end(session)).rejects.toThrow('Postgres is down');
  truth.heal();
  expect(await here.find(session, NOW)).toBe(user);
});

it('Redis that comes back empty signs nobody out, and nobody in', async () => {
  const ended = newSessionId();
  await truth.begin(ended, user, NOW + DAY);
  await here.end(ended);
  expect(await here.find(session, NOW)).toBe(user);
  await redis.commands.flushall();
  expect(await here.find(session, NOW)).toBe(user);
  expect(await here.find(ended, NOW)).toBeUndefined();
});

it('what is remembered and cannot be read is not believed', async () => {
  for (const garbage of ['', 'x', '{}', '[]', '[1,2]', `["${user}"]`, `["${user}x",${NOW + DAY}]`]) {
    await redis.commands.set(keyOf(session), garbage);
    expect(await here.find(session, NOW)).toBe(user);
  }
});
