// What tests rely on: a cluster that serves all slots, and replaces a master that died.
import { Cluster } from 'ioredis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startRedisCluster, type RedisCluster } from './redis-cluster.ts';
import { withRedis } from './redis-client.ts';

/** In ms: six servers on a busy machine. */
const OPENING = 60_000;

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster({ replicas: 1 });
}, OPENING);
afterAll(() => cluster.stop(), OPENING);

it('every slot is served, and from any node a client finds it', async () => {
  for (const node of cluster.nodes) {
    const client = new Cluster([{ host: node.host, port: node.port }]);
    // 40 keys: each third of the slots has some.
    for (let index = 0; index < 40; index++) {
      await client.set(`key ${index}`, index);
      expect(await client.get(`key ${index}`)).toBe(`${index}`);
    }
    client.disconnect();
  }
});

it(
  'a master that dies is replaced by its replica, and follows it when it is back, empty at first',
  async () => {
    const [first, ...others] = cluster.nodes;
    if (first === undefined) throw new Error('no nodes');
    await first.kill();
    const roles = () =>
      Promise.all(
        others.map((node) =>
          withRedis(node, undefined, async (ask) => {
            const state = String(await ask('CLUSTER', 'INFO'));
            const role = String(await ask('INFO', 'replication'));
            return state.includes('cluster_state:ok') && /role:(\w+)/.exec(role)?.[1];
          }),
        ),
      );
    await vi.waitFor(async () => expect(await roles()).toEqual(['master', 'master', 'master', 'slave', 'slave']), {
      timeout: 30_000,
      interval: 100,
    });
    await first.start();
    await vi.waitFor(
      async () => {
        const role = await withRedis(first, undefined, (ask) => ask('INFO', 'replication'));
        expect(String(role)).toMatch(/role:slave[^]*master_link_status:up/);
      },
      { timeout: 30_000, interval: 100 },
    );
  },
  OPENING,
);
