// Leases in Redis: a key that ends by itself, holding a token that only its holder knows.
import { randomUUID } from 'node:crypto';
import type { Lease, Leases } from '../leases.ts';
import type { RedisConnection } from './open-redis.ts';
import { plainly } from './redis-failure.ts';
import { defineScript } from './script.ts';

/** Only the holder goes on: the key may have ended and be someone else's now. */
const RENEW = defineScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);

const RELEASE = defineScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`);

/** Closing it ends no lease: they end by themselves. A take whose reply was lost counts as taken, until its `ttl` is over. */
export function createRedisLeases(redis: RedisConnection): Leases {
  let closed = false;

  return {
    async take(name, ttl) {
      if (closed) throw new Error('leases are closed');
      const key = `codesync:{lease:${name}}`;
      const token = randomUUID();
      const taken = await plainly(redis.commands.set(key, token, 'PX', ttl, 'NX'));
      if (taken === null) return undefined;
      const lease: Lease = {
        renew: async () => (await redis.run(RENEW, [key], [token, ttl])) === 1,
        async release() {
          await redis.run(RELEASE, [key], [token]);
        },
      };
      return lease;
    },
    async close() {
      closed = true;
    },
  };
}
