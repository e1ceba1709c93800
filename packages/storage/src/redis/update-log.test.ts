// Redis keeps the contract of the update log.
import { startRedis, type RedisServer } from '@codesync/backends';
import { afterAll, beforeAll } from 'vitest';
import { redisUpdateLogContract } from './testing/update-log-contract.ts';

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

redisUpdateLogContract('Redis', () => server);
