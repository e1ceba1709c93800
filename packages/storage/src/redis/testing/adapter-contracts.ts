// The contracts of presence, notices, leases, rate limits and sessions over one backend, to which two tasks are connected.
import { afterAll, beforeAll } from 'vitest';
import { createMemorySessionStore } from '../../memory/index.ts';
import {
  leasesContract,
  noticesContract,
  presenceBusContract,
  rateLimitsContract,
  sessionStoreContract,
} from '../../contracts/index.ts';
import { createRedisLeases } from '../leases.ts';
import { createRedisNotices } from '../notices.ts';
import type { RedisConnection } from '../open-redis.ts';
import { createRedisPresenceBus } from '../presence-bus.ts';
import { createRedisRateLimits } from '../rate-limits.ts';
import { createRedisSessionStore } from '../session-cache.ts';
import { createMortalClock } from './mortal-clock.ts';
import { untilWorks } from './until-works.ts';

interface Backend {
  /** As one task is. */
  connect(): RedisConnection;
  stop(): Promise<void>;
}

/** Milliseconds that a cluster may take to form. */
const STARTING = 60_000;

export function adapterContracts(name: string, start: () => Promise<Backend>): void {
  let backend: Backend;
  let here: RedisConnection;
  let there: RedisConnection;

  beforeAll(async () => {
    backend = await start();
    here = backend.connect();
    there = backend.connect();
    await untilWorks(() => Promise.all([here.check(), there.check()]));
  }, STARTING);
  afterAll(async () => {
    await Promise.all([here.close(), there.close()]);
    await backend.stop();
  });

  presenceBusContract(name, async () => {
    const clock = createMortalClock();
    const bus = createRedisPresenceBus(here, { clock });
    const other = createRedisPresenceBus(there);
    return {
      bus,
      other,
      async kill() {
        clock.stop();
      },
      async close() {
        await Promise.all([bus.close(), other.close()]);
      },
    };
  });

  noticesContract(name, async () => {
    const notices = createRedisNotices(here);
    const other = createRedisNotices(there);
    await Promise.all([notices.check(), other.check()]);
    return {
      notices,
      other,
      async close() {
        await Promise.all([notices.close(), other.close()]);
      },
    };
  });

  leasesContract(name, async () => {
    const leases = createRedisLeases(here);
    const other = createRedisLeases(there);
    return {
      leases,
      other,
      async close() {
        await Promise.all([leases.close(), other.close()]);
      },
    };
  });

  rateLimitsContract(name, async () => {
    const limits = createRedisRateLimits(here);
    const other = createRedisRateLimits(there);
    return {
      limits,
      other,
      async close() {
        await Promise.all([limits.close(), other.close()]);
      },
    };
  });

  sessionStoreContract(name, async () => {
    const truth = createMemorySessionStore();
    return {
      sessions: createRedisSessionStore(here, truth),
      other: createRedisSessionStore(there, truth),
      close: async () => {},
    };
  });
}
