// Notices within one process: the production adapter of the one-process mode. `connect` opens what another task would hold.
import { createListeners } from '../listeners.ts';
import { silentLogger, type Logger } from '../logger.ts';
import type { Notice, Notices } from '../notices.ts';
import type { Unsubscribe } from '../update-log.ts';

export interface MemoryNotices extends Notices {
  /** Another instance that hears the same, as another task has it. Closing one closes only that one. */
  connect(): Notices;
}

export function createMemoryNotices(options: { logger?: Logger } = {}): MemoryNotices {
  const listeners = createListeners<Notice>(options.logger ?? silentLogger);

  function connect(): Notices {
    const subscriptions = new Set<Unsubscribe>();
    let closed = false;
    return {
      async publish(notice) {
        if (closed) throw new Error('notices are closed');
        // In a later microtask, so that what a listener publishes comes after this for every listener.
        await Promise.resolve();
        listeners.deliver(notice);
      },
      subscribe(listener) {
        if (closed) throw new Error('notices are closed');
        const remove = listeners.add(listener);
        const unsubscribe = (): void => {
          remove();
          subscriptions.delete(unsubscribe);
        };
        subscriptions.add(unsubscribe);
        return unsubscribe;
      },
      async close() {
        closed = true;
        for (const unsubscribe of Array.from(subscriptions)) unsubscribe();
      },
    };
  }

  return { ...connect(), connect };
}
