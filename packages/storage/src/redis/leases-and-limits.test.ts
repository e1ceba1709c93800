// Leases and rate limits while Redis is away, and after it came back empty.
import { startRedis, startTcpProxy, type RedisServer, type TcpProxy } from '@codesync/backends';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createRedisLeases } from './leases.ts';
import { openRedis, type RedisConnection } from './open-redis.ts';
import { createRedisRateLimits } from './rate-limits.ts';
import { untilWorks } from './testing/until-works.ts';

const LONG = 60_000;

let server: RedisServer;
let proxy: TcpProxy;
let redis: RedisConnection;

beforeAll(async () => {
  server = await startRedis();
  proxy = await startTcpProxy(server);
  redis = openRedis(proxy, { commandTimeout: 500 });
  await untilWorks(() => redis.check());
});
afterAll(async () => {
  await redis.close();
  await proxy.stop();
  await server.stop();
});

function cutOff(): void {
  proxy.refuse(true);
  proxy.drop();
}

it('a lease whose server forgot it is not renewed, and another one can be had', async () => {
  const leases = createRedisLeases(redis);
  const lost = await leases.take('snapshot', LONG);
  await redis.commands.flushall();
  expect(await lost?.renew()).toBe(false);
  const next = await leases.take('snapshot', LONG);
  await lost?.release();
  expect(await next?.renew()).toBe(true);
  await next?.release();
});

it('while Redis is away nobody gets, keeps or gives back a lease, and everyone is told why', async () => {
  const leases = createRedisLeases(redis);
  const held = await leases.take('sweep', LONG);
  cutOff();
  await expect(leases.take('another', LONG)).rejects.toThrow('Redis');
  await expect(held?.renew()).rejects.toThrow('Redis');
  await expect(held?.release()).rejects.toThrow('Redis');
  proxy.refuse(false);
  expect(await untilWorks(async () => held?.renew())).toBe(true);
});

it('a lease that was given, or kept, without anybody hearing of it is gone on with by whoever asks again here, and by nobody else', async () => {
  const [leases, other] = [createRedisLeases(redis), createRedisLeases(redis)];
  const kept = await leases.take('kept', LONG);
  server.pause();
  await expect(leases.take('given', LONG)).rejects.toThrow('Redis');
  await expect(kept?.release()).rejects.toThrow('Redis');
  server.resume();
  await untilWorks(() => redis.check());
  await vi.waitFor(async () => expect(await redis.commands.exists('codesync:{lease:given}')).toBe(1));
  expect(await other.take('given', LONG)).toBeUndefined();
  const [first, second] = await Promise.all([leases.take('given', LONG), leases.take('given', LONG)]);
  expect([first, second].filter((lease) => lease !== undefined)).toHaveLength(1);
  await (first ?? second)?.release();
  expect(await other.take('given', LONG)).toBeDefined();
  expect(await leases.take('kept', LONG)).toBeDefined();
});

it('while Redis is away no point is given and none is refused: taking rejects', async () => {
  const limits = createRedisRateLimits(redis);
  const limit = { points: 1, window: LONG };
  expect(await limits.take('sign-in', limit)).toMatchObject({ allowed: true });
  cutOff();
  await expect(limits.take('sign-in', limit)).rejects.toThrow('Redis');
  await expect(limits.reset('sign-in', limit)).rejects.toThrow('Redis');
  proxy.refuse(false);
  expect(await untilWorks(() => limits.take('sign-in', limit))).toMatchObject({ allowed: false });
});

it('R16: the points of a key end with their window, also in Redis', async () => {
  const limits = createRedisRateLimits(redis);
  await limits.take('visitor', { points: 1, window: 1_500 });
  const left = await redis.commands.pttl('codesync:{rate:visitor}');
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThanOrEqual(2_000);
});
