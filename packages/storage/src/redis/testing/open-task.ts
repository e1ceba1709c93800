// What one task holds of Redis: a connection of its own, and the update log over it.
import type { UpdateLog } from '../../update-log.ts';
import { openRedis, type RedisConfig, type RedisConnection, type RedisConnectionOptions } from '../open-redis.ts';
import { createRedisUpdateLog } from '../update-log.ts';
import { untilWorks } from './until-works.ts';

export interface Task {
  readonly redis: RedisConnection;
  readonly log: UpdateLog;
  close(): Promise<void>;
}

/** Resolves when Redis can be used. */
export async function openTask(config: RedisConfig, options: RedisConnectionOptions = {}): Promise<Task> {
  const redis = openRedis(config, options);
  const log = createRedisUpdateLog(redis, options);
  await untilWorks(() => redis.check());
  return {
    redis,
    log,
    async close() {
      await log.close();
      await redis.close();
    },
  };
}
