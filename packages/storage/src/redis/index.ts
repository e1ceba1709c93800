// The adapters of many tasks over Redis: one connection, opened once, is shared by all of them.
export { createRedisLeases } from './leases.ts';
export { createRedisNotices } from './notices.ts';
export { openRedis, type RedisConfig, type RedisConnection } from './open-redis.ts';
export { createRedisPresenceBus } from './presence-bus.ts';
export { createRedisRateLimits } from './rate-limits.ts';
export { createRedisSessionStore } from './session-cache.ts';
export { createRedisUpdateLog } from './update-log.ts';
