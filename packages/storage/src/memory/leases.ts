// Leases in memory: of the one-process mode, where the only other task is a test's. `connect` opens what another task would hold.
import { systemClock, type Clock } from '../clock.ts';
import type { Lease, Leases } from '../leases.ts';

export interface MemoryLeases extends Leases {
  /** Another instance over the same leases, as another task has it. Closing one closes only that one. */
  connect(): Leases;
}

export function createMemoryLeases(options: { readonly clock?: Pick<Clock, 'now'> } = {}): MemoryLeases {
  const { clock = systemClock } = options;
  const held = new Map<string, { readonly lease: Lease; until: number }>();

  function connect(): Leases {
    let closed = false;
    return {
      async take(name, ttl) {
        if (closed) throw new Error('leases are closed');
        if ((held.get(name)?.until ?? -Infinity) > clock.now()) return undefined;
        const isHeld = () => {
          const known = held.get(name);
          return known?.lease === lease && known.until > clock.now();
        };
        const lease: Lease = {
          async renew() {
            if (!isHeld()) return false;
            held.set(name, { lease, until: clock.now() + ttl });
            return true;
          },
          async release() {
            if (isHeld()) held.delete(name);
          },
        };
        held.set(name, { lease, until: clock.now() + ttl });
        return lease;
      },
      async close() {
        closed = true;
      },
    };
  }

  return { ...connect(), connect };
}
