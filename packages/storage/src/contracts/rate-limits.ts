// What every adapter of RateLimits does.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RateLimits } from '../rate-limits.ts';

export interface OpenedRateLimits {
  readonly limits: RateLimits;
  /** Another instance over the same points, as another task has it. */
  readonly other: RateLimits;
  /** Closes both and the backend. */
  readonly close: () => Promise<void>;
}

/** Long enough to outlast a test. */
const LONG = 60_000;
/** The shortest window there is. */
const SHORT = 1_000;

export function rateLimitsContract(name: string, open: () => Promise<OpenedRateLimits>): void {
  describe(`rate limits: ${name}`, () => {
    let opened: OpenedRateLimits;
    let limits: RateLimits;
    let other: RateLimits;
    let key: string;

    beforeEach(async () => {
      opened = await open();
      ({ limits, other } = opened);
      key = `sign-in:${randomUUID()}@example.org`;
    });
    afterEach(() => opened.close());

    it('points run out, on whichever task they are taken', async () => {
      const limit = { points: 3, window: LONG };
      expect(await limits.take(key, limit)).toEqual({ allowed: true, left: 2 });
      expect(await other.take(key, limit)).toEqual({ allowed: true, left: 1 });
      expect(await limits.take(key, limit)).toEqual({ allowed: true, left: 0 });
      expect(await limits.take(key, limit)).toMatchObject({ allowed: false });
      expect(await other.take(key, limit)).toMatchObject({ allowed: false });
    });

    it('several points may be taken at once, and more than there are, never', async () => {
      const limit = { points: 10, window: LONG };
      expect(await limits.take(key, limit, 7)).toEqual({ allowed: true, left: 3 });
      expect(await limits.take(key, limit, 4)).toMatchObject({ allowed: false });
      expect(await limits.take(`${key}:another`, limit, 11)).toMatchObject({ allowed: false });
    });

    it('of many who take at once as many are let through as there are points', async () => {
      const limit = { points: 10, window: LONG };
      const takes = Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? limits : other).take(key, limit));
      expect((await Promise.all(takes)).filter(({ allowed }) => allowed)).toHaveLength(10);
    });

    it('a refusal says when it may be tried again, and that is true', async () => {
      const limit = { points: 1, window: SHORT };
      const begun = Date.now();
      await limits.take(key, limit);
      const refused = await other.take(key, limit);
      if (refused.allowed) throw new Error('one point was taken twice');
      expect(refused.retryAfter).toBeGreaterThan(0);
      expect(refused.retryAfter).toBeLessThanOrEqual(SHORT);
      const due = Date.now() + refused.retryAfter;
      await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(due), { timeout: 2 * SHORT });
      expect(await limits.take(key, limit)).toEqual({ allowed: true, left: 0 });
      expect(Date.now() - begun).toBeGreaterThanOrEqual(SHORT);
    });

    it('a window begins with its first point and does not move with later ones', async () => {
      const limit = { points: 1, window: SHORT };
      await limits.take(key, limit);
      let tries = 0;
      await vi.waitFor(
        async () => {
          tries += 1;
          expect(await limits.take(key, limit)).toMatchObject({ allowed: true });
        },
        { timeout: 5 * SHORT },
      );
      expect(tries).toBeGreaterThan(1);
    });

    it('keys are apart', async () => {
      const limit = { points: 1, window: LONG };
      for (const one of [key, `${key}:`, `${key}}`, `{${key}`, key.toUpperCase()]) {
        expect(await limits.take(one, limit)).toEqual({ allowed: true, left: 0 });
      }
    });

    it('who is given their points back has all of them, on every task', async () => {
      const limit = { points: 2, window: LONG };
      await limits.take(key, limit, 2);
      await other.reset(key, limit);
      expect(await limits.take(key, limit)).toEqual({ allowed: true, left: 1 });
      await limits.reset(`${key}:never taken`, limit);
    });

    it('a closed instance refuses, and leaves the other tasks alone', async () => {
      const limit = { points: 2, window: LONG };
      await limits.take(key, limit);
      await limits.close();
      await limits.close();
      await expect(limits.take(key, limit)).rejects.toThrow();
      await expect(limits.reset(key, limit)).rejects.toThrow();
      expect(await other.take(key, limit)).toEqual({ allowed: true, left: 0 });
    });
  });
}
