// Notices within one process: the production adapter of the one-process mode. `connect` opens what another task would hold.
import { createListeners } from '../listeners.ts';
import { silentLogger, type Logger } from '../logger.ts';
import type { Notice, Notices } from '../notices.ts';
import type { Unsubscribe } from '../update-log.ts';

export interface MemoryNotices extends Notices {
  /** Another instance that hears the same, as another task has it. Closing one closes only that one. */
  connect(): Notices;
  /** Nothing arrives until `mute(false)`; then everyone is told that they may have missed something. */
  mute(muted: boolean): void;
}

export function createMemoryNotices(options: { logger?: Logger } = {}): MemoryNotices {
  const listeners = createListeners<Notice>(options.logger ?? silentLogger);
  const doubters = createListeners<undefined>(options.logger ?? silentLogger);
  let isMuted = false;

  function connect(): Notices {
    const subscriptions = new Set<Unsubscribe>();
    let closed = false;
    return {
      async publish(notice) {
        if (closed) throw new Error('notices are closed');
        // In a later microtask, so that what a listener publishes comes after this for every listener.
        await Promise.resolve();
        if (!isMuted) listeners.deliver(notice);
      },
      subscribe(listener, missed) {
        if (closed) throw new Error('notices are closed');
        const remove = listeners.add(listener);
        const removeDoubter = doubters.add(() => missed?.());
        const unsubscribe = (): void => {
          remove();
          removeDoubter();
          subscriptions.delete(unsubscribe);
        };
        subscriptions.add(unsubscribe);
        return unsubscribe;
      },
      async check() {
        if (closed) throw new Error('notices are closed');
      },
      async close() {
        closed = true;
        for (const unsubscribe of Array.from(subscriptions)) unsubscribe();
      },
    };
  }

  return {
    ...connect(),
    connect,
    mute(muted) {
      isMuted = muted;
      if (!muted) doubters.deliver(undefined);
    },
  };
}
