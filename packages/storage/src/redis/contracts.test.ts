// The adapters over one Redis server keep the contracts of their ports.
import { startRedis } from '@codesync/backends';
import { openRedis } from './open-redis.ts';
import { adapterContracts } from './testing/adapter-contracts.ts';

adapterContracts('Redis', async () => {
  const server = await startRedis();
  return {
    connect: () => openRedis(server),
    stop: () => server.stop(),
  };
});
