// What happens to Redis, the object store and the database, and how long it takes until it is over.
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresServer, S3Fault, S3Server } from '@codesync/backends';
import type { BackendFaultKind } from './fault-kinds.ts';
import type { RedisPair } from './redis-pair.ts';

/** Each resolves when its fault, of so many milliseconds, is undone. */
export type BackendFaults = Readonly<Record<BackendFaultKind, (lasts: number) => Promise<void>>>;

export function createBackendFaults(parts: {
  redis: RedisPair;
  s3: S3Server;
  postgres: PostgresServer;
}): BackendFaults {
  const { redis, s3, postgres } = parts;

  const objects = (fault: S3Fault) => async (lasts: number) => {
    s3.fault(fault);
    await sleep(lasts);
    s3.fault('none');
  };

  return {
    'redis-empty': (lasts) => redis.loseEverything(lasts),
    'redis-failover': (lasts) => redis.failOver(lasts),
    'redis-pause': (lasts) => redis.hang(lasts),
    'bus-cut': (lasts) => redis.cutSubscriptions(lasts),
    'bus-stall': (lasts) => redis.silenceSubscriptions(lasts, lasts % 2 === 0 ? 'flow' : 'reset'),
    'objects-error': objects('error'),
    'objects-slow': objects('slow'),
    'objects-hang': objects('hang'),
    'objects-lost': objects('lost'),
    'objects-down': objects('down'),
    async 'database-stopped'(lasts) {
      await postgres.kill();
      await sleep(lasts);
      await postgres.start();
    },
  };
}
