// Rate limits in memory: of the one-process mode, where the only other task is a test's. `connect` opens what another task would hold.
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { createFlexibleRateLimits, NO_LIMIT, type PointCounter } from '../flexible-rate-limits.ts';
import type { RateLimits } from '../rate-limits.ts';

export interface MemoryRateLimits extends RateLimits {
  /** Another instance over the same points, as another task has it. Closing one closes only that one. */
  connect(): RateLimits;
}

/** About 10 MB of keys. Beyond it the window that began first is forgotten: refusing new keys would let one person lock out all others. */
const MAX_KEYS = 50_000;

export function createMemoryRateLimits(options: { readonly maxKeys?: number } = {}): MemoryRateLimits {
  const counter = createBoundedCounter(options.maxKeys ?? MAX_KEYS);
  const connect = () => createFlexibleRateLimits(counter);
  return { ...connect(), connect };
}

function createBoundedCounter(maxKeys: number): PointCounter {
  const counter = new RateLimiterMemory(NO_LIMIT);
  /** In the order in which their windows began. */
  const keys = new Set<string | number>();

  async function forget(key: string | number): Promise<boolean> {
    keys.delete(key);
    return counter.delete(key);
  }

  return {
    async consume(key, points, options): Promise<RateLimiterRes> {
      const counted = await counter.consume(key, points, options);
      if (counted.isFirstInDuration) keys.delete(key);
      keys.add(key);
      const [oldest] = keys;
      if (keys.size > maxKeys && oldest !== undefined) await forget(oldest);
      return counted;
    },
    delete: forget,
  };
}
