// The port RateLimits over a counter of rate-limiter-flexible, which adds points up and forgets them when their window ends.
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { RateLimits, RateVerdict } from './rate-limits.ts';

/**
 * The counters' own limit: none of them ever refuses. Each key's limit comes with the call, so that one counter serves all keys
 * and there is nothing to keep for a limit.
 */
export const NO_LIMIT = { points: Number.MAX_SAFE_INTEGER, duration: 1 } as const;

export interface PointCounter extends Pick<RateLimiterAbstract, 'consume' | 'delete'> {}

/** Windows are counted in whole seconds, rounded up. Points that were refused count as well: who keeps trying keeps waiting. */
export function createFlexibleRateLimits(counter: PointCounter): RateLimits {
  let closed = false;

  function assertOpen(): void {
    if (closed) throw new Error('rate limits are closed');
  }

  return {
    async take(key, limit, points = 1): Promise<RateVerdict> {
      assertOpen();
      const options = { customDuration: Math.ceil(limit.window / 1000) };
      const { consumedPoints, msBeforeNext } = await counter.consume(key, points, options);
      if (consumedPoints <= limit.points) return { allowed: true, left: limit.points - consumedPoints };
      // At 0 the window ends within this millisecond.
      return { allowed: false, retryAfter: Math.max(msBeforeNext, 1) };
    },
    async reset(key) {
      assertOpen();
      await counter.delete(key);
    },
    async close() {
      closed = true;
    },
  };
}
