// Leases in Redis: a key that ends by itself, holding a token that only its holder knows.
import { randomUUID } from 'node:crypto';
import type { Lease, Leases } from '../leases.ts';
import type { RedisConnection } from './open-redis.ts';
import { defineScript } from './script.ts';

const TAKE = defineScript(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/** Only the holder goes on: the key may have ended and be someone else's now. */
const RENEW = defineScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);

const RELEASE = defineScript(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`);

/** Names whose fate is not known. The others end by themselves. */
const MOST_DOUBTFUL = 10_000;

/**
 * Closing it ends no lease: they end by themselves. Redis may give or keep a lease and nobody hear of it, because the answer was
 * lost: who asks again here goes on with it, or a server that stood still for seconds would keep everyone out for a whole `ttl`.
 */
export function createRedisLeases(redis: RedisConnection): Leases {
  /** The tokens of takes and releases that were not answered; oldest first. */
  const doubtful = new Map<string, string>();
  let closed = false;

  function doubt(name: string, token: string): void {
    doubtful.delete(name);
    doubtful.set(name, token);
    const [oldest] = doubtful.keys();
    if (doubtful.size > MOST_DOUBTFUL && oldest !== undefined) doubtful.delete(oldest);
  }

  /** `name`'s token, for one call at a time. */
  function claim(name: string): string {
    const token = doubtful.get(name) ?? randomUUID();
    doubtful.delete(name);
    return token;
  }

  return {
    async take(name, ttl) {
      if (closed) throw new Error('leases are closed');
      const key = `codesync:{lease:${name}}`;
      const token = claim(name);
      try {
        if ((await redis.run(TAKE, [key], [token, ttl])) !== 1) return undefined;
      } catch (error) {
        doubt(name, token);
        throw error;
      }
      const lease: Lease = {
        renew: async () => (await redis.run(RENEW, [key], [token, ttl])) === 1,
        async release() {
          try {
            await redis.run(RELEASE, [key], [token]);
          } catch (error) {
            doubt(name, token);
            throw error;
          }
        },
      };
      return lease;
    },
    async close() {
      closed = true;
    },
  };
}
