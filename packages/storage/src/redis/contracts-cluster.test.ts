// The adapters over Redis Cluster keep the contracts of their ports.
import { startRedisCluster } from '@codesync/backends';
import { openRedis } from './open-redis.ts';
import { adapterContracts } from './testing/adapter-contracts.ts';

adapterContracts('Redis Cluster', async () => {
  const cluster = await startRedisCluster();
  const [node] = cluster.nodes;
  if (node === undefined) throw new Error('a cluster without nodes');
  return {
    connect: () => openRedis({ host: node.host, port: node.port, cluster: true }),
    stop: () => cluster.stop(),
  };
});
