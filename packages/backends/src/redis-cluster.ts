// A real Redis Cluster: masters that share the slots out among themselves, and replicas of them if wanted.
import { setTimeout } from 'node:timers/promises';
import { freePort } from './address.ts';
import { withRedis, type Ask } from './redis-client.ts';
import { startRedis, type RedisServer } from './redis-server.ts';

export interface RedisCluster {
  /** The masters, then the replicas of the first, of the second … */
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

export interface RedisClusterOptions {
  /** Masters; Redis does not elect with fewer than three. */
  readonly nodes?: number;
  /** Of each master. */
  readonly replicas?: number;
}

const SLOTS = 16_384;

/** How long a node is silent before the others take it for dead, in ms. With less, a busy machine alone causes failovers. */
const NODE_TIMEOUT = 2_000;

/** Between looks how far they are, in ms. */
const POLL = 50;

/** Until all nodes know each other and agree, in ms. Two seconds are usual. */
const TIMEOUT = 60_000;

/** Resolves when every slot is served and every node knows it. */
export async function startRedisCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const { nodes: masters = 3, replicas = 0 } = options;
  const started = await Promise.allSettled(Array.from({ length: masters * (1 + replicas) }, startNode));
  const nodes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())));
  try {
    for (const result of started) if (result.status === 'rejected') throw result.reason;
    await shareOut(nodes.slice(0, masters));
    await introduce(nodes);
    await follow(nodes, masters, replicas);
    await Promise.all(nodes.map((node) => until(node, isReady)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes, stop };
}

async function startNode(): Promise<RedisServer> {
  return startRedis({
    settings: {
      'cluster-enabled': 'yes',
      'cluster-port': String(await freePort()),
      'cluster-node-timeout': String(NODE_TIMEOUT),
      // Otherwise a node that nobody has met yet has no address to tell its clients.
      'cluster-announce-ip': '127.0.0.1',
    },
  });
}

async function shareOut(masters: readonly RedisServer[]): Promise<void> {
  await each(masters, async (ask, index) => {
    const from = Math.floor((SLOTS * index) / masters.length);
    const to = Math.floor((SLOTS * (index + 1)) / masters.length) - 1;
    await ask('CLUSTER', 'ADDSLOTSRANGE', from, to);
    // All different: otherwise they would have to settle who is right before they agree.
    await ask('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  });
}

/** The first meets the others; these hear of each other from it. */
async function introduce([first, ...others]: readonly RedisServer[]): Promise<void> {
  if (first === undefined) return;
  await withRedis(first, undefined, async (ask) => {
    for (const { host, port } of others) await ask('CLUSTER', 'MEET', host, port, await busPort({ host, port }));
  });
  const all = 1 + others.length;
  await Promise.all(
    [first, ...others].map((node) =>
      until(node, async (ask) => {
        const known = String(await ask('CLUSTER', 'NODES'))
          .trim()
          .split('\n');
        return known.length === all && known.every((line) => !/handshake|noaddr/.test(line));
      }),
    ),
  );
}

async function busPort(node: { readonly host: string; readonly port: number }): Promise<number> {
  const answer = await withRedis(node, undefined, (ask) => ask('CONFIG', 'GET', 'cluster-port'));
  return Number(Array.isArray(answer) ? answer[1] : undefined);
}

async function follow(nodes: readonly RedisServer[], masters: number, replicas: number): Promise<void> {
  const ids: string[] = [];
  await each(nodes.slice(0, masters), async (ask, index) => {
    ids[index] = String(await ask('CLUSTER', 'MYID'));
  });
  await each(nodes.slice(masters), async (ask, index) => {
    await ask('CLUSTER', 'REPLICATE', ids[Math.floor(index / replicas)] ?? '');
  });
}

async function isReady(ask: Ask): Promise<boolean> {
  const cluster = String(await ask('CLUSTER', 'INFO'));
  const replication = String(await ask('INFO', 'replication'));
  return (
    cluster.includes('cluster_state:ok') &&
    cluster.includes(`cluster_slots_ok:${SLOTS}`) &&
    !replication.includes('master_link_status:down')
  );
}

async function each(nodes: readonly RedisServer[], talk: (ask: Ask, index: number) => Promise<void>): Promise<void> {
  await Promise.all(nodes.map((node, index) => withRedis(node, undefined, (ask) => talk(ask, index))));
}

async function until(node: RedisServer, condition: (ask: Ask) => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TIMEOUT;
  await withRedis(node, undefined, async (ask) => {
    while (!(await condition(ask))) {
      if (Date.now() > deadline) throw new Error(`the cluster did not form: ${String(await ask('CLUSTER', 'INFO'))}`);
      await setTimeout(POLL);
    }
  });
}
