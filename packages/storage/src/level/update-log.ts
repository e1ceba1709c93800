// The update log of the one-process mode: LevelDB in a folder that belongs to this process alone.
import type { DocumentId } from '@codesync/contract';
import { systemClock, type Clock } from '../clock.ts';
import { START } from '../cursor.ts';
import { createListeners, type Listeners } from '../listeners.ts';
import { silentLogger, type Logger } from '../logger.ts';
import { packUpdates, unpackUpdates } from '../packed-updates.ts';
import { LOG_PAGE_BYTES, type LogEntry, type Unsubscribe, type UpdateLog } from '../update-log.ts';
import { documentOfKey, LISTED_RANGE } from './keys.ts';
import { readPage } from './read-page.ts';
import { openWriter } from './writer.ts';

/** Updates that wait for a slow disk. Beyond it appends reject, and whoever sent them is told to come back (R8, R16). */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/**
 * Appends are handed to the operating system and not forced to the disk: they survive kill -9 (R1, `logged`) but not power loss.
 * Measured on a server's disk, forcing makes an append 0.15 ms instead of 0.02 ms; on a laptop's it would be 1 to 10 ms for
 * every keystroke. What must survive power loss is the snapshot, 5 s later at most, and that one is forced (R1, `durable`).
 *
 * Rejects with one sentence that names the folder when it is in use, damaged or not writable.
 */
export async function openLevelUpdateLog(
  folder: string,
  options: { clock?: Clock; logger?: Logger } = {},
): Promise<UpdateLog> {
  const logger = options.logger ?? silentLogger;
  const listening = new Map<DocumentId, Listeners<LogEntry>>();
  const writer = await openWriter(folder, {
    clock: options.clock ?? systemClock,
    logger,
    onWritten(document, position, updates) {
      listening.get(document)?.deliver({ ...position, updates: unpackUpdates(updates) });
    },
  });
  let waitingBytes = 0;
  let closing: Promise<void> | undefined;

  function assertOpen(): void {
    if (closing !== undefined) throw new Error('the update log is closed');
  }

  return {
    async append(document, updates) {
      assertOpen();
      if (updates.length === 0) throw new RangeError('an entry needs at least one update');
      const packed = packUpdates(updates);
      if (waitingBytes + packed.byteLength > MAX_WAITING_BYTES) throw new Error('the update log is behind');
      waitingBytes += packed.byteLength;
      try {
        return await writer.append(document, packed);
      } finally {
        waitingBytes -= packed.byteLength;
      }
    },

    async read(document, after, maxBytes = LOG_PAGE_BYTES) {
      assertOpen();
      return readPage(writer.level(), document, after, maxBytes);
    },

    async subscribe(document, listener) {
      assertOpen();
      const listeners = listening.get(document) ?? createListeners<LogEntry>(logger);
      listening.set(document, listeners);
      const remove = listeners.add(listener);
      const unsubscribe: Unsubscribe = () => {
        remove();
        if (listeners.size === 0 && listening.get(document) === listeners) listening.delete(document);
      };
      return unsubscribe;
    },

    async trim(document, upTo) {
      assertOpen();
      if (upTo !== START) await writer.trim(document, upTo);
    },

    async *documents() {
      assertOpen();
      for await (const key of writer.level().keys(LISTED_RANGE)) yield documentOfKey(key);
    },

    async remove(document) {
      assertOpen();
      await writer.remove(document);
    },

    async check() {
      assertOpen();
      await writer.check();
    },

    close() {
      closing ??= writer.close().then(() => listening.clear());
      return closing;
    },
  };
}
