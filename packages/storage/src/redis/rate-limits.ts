// Rate limits in Redis: one number a key, which ends with its window.
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { createFlexibleRateLimits, NO_LIMIT } from '../flexible-rate-limits.ts';
import type { RateLimits } from '../rate-limits.ts';
import type { RedisConnection } from './open-redis.ts';
import { plainly } from './redis-failure.ts';

/** Rejects while Redis is away: whether that lets through or refuses is for the caller to say. */
export function createRedisRateLimits(redis: RedisConnection): RateLimits {
  const counter = new RateLimiterRedis({ ...NO_LIMIT, storeClient: redis.commands, keyPrefix: '' });
  return createFlexibleRateLimits({
    consume: (key, points, options) => plainly(counter.consume(keyOf(key), points, options)),
    delete: (key) => plainly(counter.delete(keyOf(key))),
  });
}

function keyOf(key: string | number): string {
  return `codesync:{rate:${key}}`;
}
