// What every adapter of Leases does.
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Leases } from '../leases.ts';

export interface OpenedLeases {
  readonly leases: Leases;
  /** Another instance over the same leases, as another task has it. */
  readonly other: Leases;
  /** Closes both and the backend. */
  readonly close: () => Promise<void>;
}

/** Long enough to outlast a test. */
const LONG = 60_000;
/** Over soon; what a test does while it lasts takes a few milliseconds. */
const SHORT = 400;

export function leasesContract(name: string, open: () => Promise<OpenedLeases>): void {
  describe(`leases: ${name}`, () => {
    let opened: OpenedLeases;
    let leases: Leases;
    let other: Leases;
    let thing: string;

    beforeEach(async () => {
      opened = await open();
      ({ leases, other } = opened);
      thing = `thing:${randomUUID()}`;
    });
    afterEach(() => opened.close());

    it('one holds it, and nobody else gets it, on whichever task', async () => {
      expect(await leases.take(thing, LONG)).toBeDefined();
      expect(await leases.take(thing, LONG)).toBeUndefined();
      expect(await other.take(thing, LONG)).toBeUndefined();
      expect(await other.take(`${thing}:another`, LONG)).toBeDefined();
    });

    it('of many who ask at once exactly one gets it', async () => {
      const asked = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? leases : other).take(thing, LONG));
      expect((await Promise.all(asked)).filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    it('who lets go leaves it to the next, and letting go twice takes nothing from them', async () => {
      const first = await leases.take(thing, LONG);
      await first?.release();
      expect(await other.take(thing, LONG)).toBeDefined();
      await first?.release();
      expect(await leases.take(thing, LONG)).toBeUndefined();
      expect(await first?.renew()).toBe(false);
    });

    it('a lease ends by itself, and who believes that they still have it hears otherwise', async () => {
      const first = await leases.take(thing, SHORT);
      expect(first).toBeDefined();
      const second = await vi.waitFor(async () => {
        const lease = await other.take(thing, LONG);
        expect(lease).toBeDefined();
        return lease;
      });
      expect(await first?.renew()).toBe(false);
      await first?.release();
      expect(await leases.take(thing, LONG)).toBeUndefined();
      expect(await second?.renew()).toBe(true);
    });

    it('a lease that is renewed goes on', async () => {
      const lease = await leases.take(thing, SHORT);
      const until = Date.now() + 3 * SHORT;
      while (Date.now() < until) {
        expect(await lease?.renew()).toBe(true);
        expect(await other.take(thing, LONG)).toBeUndefined();
        await setImmediate();
      }
    });

    it('a closed instance refuses, and leaves the other tasks alone', async () => {
      await leases.close();
      await leases.close();
      await expect(leases.take(thing, LONG)).rejects.toThrow();
      expect(await other.take(thing, LONG)).toBeDefined();
    });
  });
}
