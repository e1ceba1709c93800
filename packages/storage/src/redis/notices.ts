// Notices through one channel of Redis. Those that are published together travel as one message.
import { createListeners } from '../listeners.ts';
import { silentLogger, type Logger } from '../logger.ts';
import type { Notice, Notices } from '../notices.ts';
import type { Unsubscribe } from '../update-log.ts';
import { createBoundedWarning } from './bounded-warning.ts';
import { decodeNotices, encodeNotices } from './notice-message.ts';
import type { RedisConnection } from './open-redis.ts';
import { plainly } from './redis-failure.ts';

const CHANNEL = 'codesync:{notices}';

/**
 * Begins to listen at once. `publish` and `check` wait until it listens, and reject with the reason when it cannot; they also try
 * again, so that a task that was started while Redis was away needs nothing else.
 */
export function createRedisNotices(redis: RedisConnection, options: { logger?: Logger } = {}): Notices {
  const { logger = silentLogger } = options;
  const warnOfGarbage = createBoundedWarning(logger, 'notices that cannot be read were left out');
  const listeners = createListeners<Notice>(logger);
  const doubters = createListeners<undefined>(logger);
  let subscription: Promise<Unsubscribe> | undefined;
  /** It could not listen for a while. */
  let deaf = false;
  let batch: { readonly notices: Notice[]; readonly sent: Promise<void> } | undefined;
  let closed = false;

  function assertOpen(): void {
    if (closed) throw new Error('notices are closed');
  }

  function hear(message: Buffer): void {
    if (closed) return;
    const { notices, unread } = decodeNotices(message.toString());
    if (unread > 0) warnOfGarbage({ unread, length: message.length });
    for (const notice of notices) listeners.deliver(notice);
  }

  function missed(): void {
    if (!closed) doubters.deliver(undefined);
  }

  async function subscribe(): Promise<Unsubscribe> {
    try {
      const unsubscribe = await redis.channels.subscribe(CHANNEL, hear, missed);
      if (deaf) missed();
      deaf = false;
      return unsubscribe;
    } catch (error) {
      subscription = undefined;
      deaf = true;
      throw error;
    }
  }

  function listening(): Promise<Unsubscribe> {
    subscription ??= subscribe();
    return subscription;
  }

  async function send(notices: readonly Notice[]): Promise<void> {
    try {
      // Also what a task publishes at its very start is heard by itself.
      await listening();
    } finally {
      // What is published from here on is another message.
      batch = undefined;
    }
    await plainly(redis.commands.spublish(CHANNEL, encodeNotices(notices)));
  }

  listening().catch((error: unknown) => logger.warn({ error }, 'notices cannot be heard'));

  return {
    async publish(notice) {
      assertOpen();
      if (batch === undefined) {
        const notices: Notice[] = [];
        batch = { notices, sent: send(notices) };
      }
      batch.notices.push(notice);
      await batch.sent;
    },

    subscribe(listener, onMissed) {
      assertOpen();
      const remove = listeners.add(listener);
      const removeDoubter = doubters.add(() => onMissed?.());
      return () => {
        remove();
        removeDoubter();
      };
    },

    async check() {
      assertOpen();
      await listening();
      await redis.check();
    },

    async close() {
      if (closed) return;
      closed = true;
      subscription?.then(
        (unsubscribe) => unsubscribe(),
        (error: unknown) => logger.debug({ error }, 'notices were closed before they could be heard'),
      );
    },
  };
}
