// A primary and its replica behind an address that stays, and what can happen to them.
import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, startTcpProxy, type Address, type RedisServer } from '@codesync/backends';
import { Redis } from 'ioredis';
import { until } from '../until.ts';

export interface RedisPair {
  /** Where tasks find the primary, whichever it is. */
  readonly address: Address;
  /** Dies and, after a while, comes back without anything. */
  loseEverything(downFor: number): Promise<void>;
  /** The replica hears nothing for a while, then the primary dies, and the replica takes its place. */
  failOver(lag: number): Promise<void>;
  /** Nothing answers for a while. */
  hang(lasts: number): Promise<void>;
  /** Connections that subscribed to anything are reset again and again. */
  cutSubscriptions(lasts: number): Promise<void>;
  /** Connections that subscribed to anything bring nothing, without an error; then it comes, or the connections are reset. */
  silenceSubscriptions(lasts: number, then: 'flow' | 'reset'): Promise<void>;
  /** Keys of streams that exist. */
  streams(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Between two cuts, in milliseconds: a client that came back has just subscribed again. */
const CUT_EVERY = 150;

export async function startRedisPair(): Promise<RedisPair> {
  let [primary, replica] = await Promise.all([startRedis(), startRedis()]);
  const front = await startTcpProxy(primary);
  const link = await startTcpProxy(primary);
  await follow(replica);

  /** Makes this server follow whatever is behind the link, and waits until it has caught up. */
  async function follow(server: RedisServer): Promise<void> {
    await ask(server, (redis) => redis.replicaof(link.host, link.port));
    await until(() =>
      ask(server, async (redis) => expectLine(await redis.info('replication'), 'master_link_status:up')),
    );
  }

  return {
    address: { host: front.host, port: front.port },
    async loseEverything(downFor) {
      await primary.kill();
      await sleep(downFor);
      await primary.start();
      await until(() =>
        ask(replica, async (redis) => expectLine(await redis.info('replication'), 'master_link_status:up')),
      );
    },
    async failOver(lag) {
      link.stall();
      await sleep(lag);
      await primary.kill();
      await ask(replica, (redis) => redis.replicaof('NO', 'ONE'));
      [primary, replica] = [replica, primary];
      front.target = primary;
      front.drop();
      link.target = primary;
      link.drop();
      link.flow();
      await replica.start();
      await follow(replica);
    },
    async hang(lasts) {
      primary.pause();
      await sleep(lasts);
      primary.resume();
    },
    async cutSubscriptions(lasts) {
      for (const end = performance.now() + lasts; performance.now() < end; await sleep(CUT_EVERY)) {
        front.drop(hasSubscribed);
      }
    },
    async silenceSubscriptions(lasts, then) {
      front.stall(hasSubscribed);
      await sleep(lasts);
      if (then === 'reset') front.drop(hasSubscribed);
      front.flow();
    },
    streams: () => ask(primary, streamsOf),
    async stop() {
      await Promise.all([front.stop(), link.stop(), primary.stop(), replica.stop()]);
    },
  };
}

const hasSubscribed = (sent: Buffer): boolean => /subscribe\r\n/i.test(sent.toString('latin1'));

async function ask<Answer>({ host, port }: Address, question: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = new Redis({ host, port, lazyConnect: true, retryStrategy: () => null });
  // What fails rejects the question too.
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

async function streamsOf(redis: Redis): Promise<string[]> {
  const found: string[] = [];
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', 1_000, 'TYPE', 'stream');
    cursor = next;
    found.push(...keys);
  } while (cursor !== '0');
  return found;
}

function expectLine(text: string, line: string): void {
  if (!text.split('\r\n').includes(line)) throw new Error(`Redis does not say ${line}`);
}
