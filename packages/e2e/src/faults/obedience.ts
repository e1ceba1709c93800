// The side of a sync task that takes orders from the fault suite: when to die, to hear wrongly, to misjudge the time.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Deliver, Pass } from './faulty-ports.ts';
import type { Answer, Order } from './orders.ts';

/** What is heard comes at most so late, in milliseconds. */
const LATEST = 400;

/** How much of it comes once more. */
const TWICE = 0.3;

/** From now on this process does what it is told over its IPC channel. */
export function obey(): { readonly pass: Pass; readonly deliver: Deliver } {
  let strike: Extract<Order, { kind: 'strike' }> | undefined;
  let disorder = false;

  process.on('message', (message) => {
    const order = message as Order;
    switch (order.kind) {
      case 'strike':
        strike = order;
        return;
      case 'spare':
        strike = undefined;
        return;
      case 'disorder':
        disorder = order.on;
        return;
      case 'clock':
        setClock(order.offset);
        return;
      case 'weigh':
        answer({ kind: 'weight', bytes: weigh() });
    }
  });

  return {
    async pass(point) {
      if (strike?.at !== point) return;
      const { signal } = strike;
      strike = undefined;
      await new Promise<void>((resolve) =>
        process.send?.({ kind: 'struck', at: point } satisfies Answer, () => resolve()),
      );
      process.kill(process.pid, signal);
    },
    deliver(call) {
      if (!disorder) {
        call();
        return;
      }
      const later = (): unknown => setTimeout(call, Math.random() * LATEST);
      later();
      if (Math.random() < TWICE) later();
    },
  };
}

function answer(given: Answer): void {
  process.send?.(given);
}

const realNow = Date.now;

/** For everything in this process, as when the machine's clock is set. Timers go on as before, as they do then. */
function setClock(offset: number): void {
  Date.now = () => realNow() + offset;
}

function weigh(): number {
  setFlagsFromString('--expose_gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
