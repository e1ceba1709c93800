// Redis Cluster keeps the contract of the update log.
import { startRedisCluster, type RedisCluster } from '@codesync/backends';
import { afterAll, beforeAll } from 'vitest';
import { redisUpdateLogContract } from './testing/update-log-contract.ts';

/** Milliseconds that a cluster may take to form. */
const STARTING = 60_000;

let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await startRedisCluster();
}, STARTING);
afterAll(() => cluster.stop());

redisUpdateLogContract('Redis Cluster', () => {
  const [node] = cluster.nodes;
  if (node === undefined) throw new Error('a cluster without nodes');
  return { host: node.host, port: node.port, cluster: true };
});
