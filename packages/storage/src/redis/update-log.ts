// The update log of many tasks: a Redis stream for each document, and pushes to the tasks where it is open.
import type { DocumentId } from '@codesync/contract';
import { silentLogger, type Logger } from '../logger.ts';
import { packUpdates } from '../packed-updates.ts';
import { LOG_PAGE_BYTES, type Unsubscribe, type UpdateLog } from '../update-log.ts';
import { createAppendQueues } from './append-queues.ts';
import { createBoundedWarning } from './bounded-warning.ts';
import { logKeys } from './keys.ts';
import { listStreams } from './list-streams.ts';
import { decodePage, decodePush } from './log-entry.ts';
import type { RedisConnection } from './open-redis.ts';
import { READ } from './read-script.ts';
import { REMOVE, TRIM } from './trim-scripts.ts';

/** Redis does nothing else while it reads a page: about 10 ms for this much in small entries. */
const MAX_PAGE_BYTES = 512 * 1024;

/** Closing it leaves the connection open: others use it too. */
export function createRedisUpdateLog(redis: RedisConnection, options: { logger?: Logger } = {}): UpdateLog {
  const warnOfGarbage = createBoundedWarning(
    options.logger ?? silentLogger,
    'something else than an entry was published to the channel of an update log',
  );
  const queues = createAppendQueues(redis);
  const subscriptions = new Set<Unsubscribe>();
  let closed = false;

  function assertOpen(): void {
    if (closed) throw new Error('the update log is closed');
  }

  return {
    async append(document, updates) {
      assertOpen();
      if (updates.length === 0) throw new RangeError('an entry needs at least one update');
      return queues.append(document, packUpdates(updates));
    },

    async read(document, after, maxBytes = LOG_PAGE_BYTES) {
      assertOpen();
      return decodePage(await redis.run(READ, logKeys(document), [after, Math.min(maxBytes, MAX_PAGE_BYTES)]));
    },

    async subscribe(document, listener, missed) {
      assertOpen();
      const [channel] = logKeys(document);
      const hear = (message: Buffer): void => {
        const entry = decode(document, message);
        if (entry === undefined) missed?.();
        else listener(entry);
      };
      const remove = await redis.channels.subscribe(channel, hear, missed);
      const unsubscribe = (): void => {
        remove();
        subscriptions.delete(unsubscribe);
      };
      if (closed) remove();
      assertOpen();
      subscriptions.add(unsubscribe);
      return unsubscribe;
    },

    async trim(document, upTo) {
      assertOpen();
      const [ms, n] = upTo.split('-');
      await redis.run(TRIM, logKeys(document), [upTo, `${ms}-${Number(n) + 1}`]);
    },

    async *documents() {
      assertOpen();
      yield* listStreams(redis);
    },

    async remove(document) {
      assertOpen();
      await redis.run(REMOVE, logKeys(document), []);
    },

    async check() {
      assertOpen();
      await redis.check();
    },

    async close() {
      closed = true;
      for (const unsubscribe of Array.from(subscriptions)) unsubscribe();
      await queues.idle();
    },
  };

  /** What is no entry may stand for one that was damaged: the log is read. */
  function decode(document: DocumentId, message: Buffer): ReturnType<typeof decodePush> {
    try {
      return decodePush(message);
    } catch (error) {
      warnOfGarbage({ error, document });
      return undefined;
    }
  }
}
