// Hands on one document's log entries in order and without gaps, whoever appended them: what comes twice, late or not at all is put right from the log.
import type { DocumentId } from '@codesync/contract';
import {
  compareCursors,
  type Cancel,
  type Clock,
  type Cursor,
  type Logger,
  type LogEntry,
  type UpdateLog,
} from '@codesync/storage';

export interface LogFollower {
  /** An entry that was appended, by us or by another task. Known ones are dropped. */
  hear(entry: LogEntry): void;
  stop(): void;
}

const RETRY = 1_000;

export function createLogFollower(deps: {
  document: DocumentId;
  log: Pick<UpdateLog, 'read'>;
  clock: Clock;
  logger: Logger;
  /** The last entry that was handed on. */
  position(): Cursor;
  /** The entry after `position()`. */
  next(entry: LogEntry): void;
  /** Entries after `position()` were trimmed before we had them: what we hold cannot be continued. */
  lost(): void;
}): LogFollower {
  const { document, log, clock, logger } = deps;
  let heardTo = deps.position();
  let reading = false;
  let stopped = false;
  const isStopped = (): boolean => stopped;
  let cancel: Cancel | undefined;

  async function read(): Promise<void> {
    if (reading || stopped) return;
    reading = true;
    try {
      await readOn();
    } catch (error) {
      logger.warn({ document, error }, 'a gap in the log could not be read; trying again');
      cancel = clock.after(RETRY, () => void read());
    } finally {
      reading = false;
    }
  }

  async function readOn(): Promise<void> {
    while (!isStopped() && compareCursors(deps.position(), heardTo) < 0) {
      const after = deps.position();
      const page = await log.read(document, after);
      if (isStopped()) return;
      if (compareCursors(page.trimmedTo, deps.position()) > 0) {
        deps.lost();
        return;
      }
      for (const entry of page.entries) {
        if (compareCursors(entry.cursor, deps.position()) > 0) deps.next(entry);
      }
      // The log was emptied under us (the document is gone): there is nothing to wait for.
      if (page.entries.length === 0 && deps.position() === after) heardTo = after;
    }
  }

  return {
    hear(entry) {
      if (compareCursors(entry.cursor, deps.position()) <= 0) return;
      if (compareCursors(entry.cursor, heardTo) > 0) heardTo = entry.cursor;
      if (entry.previous === deps.position()) deps.next(entry);
      if (compareCursors(deps.position(), heardTo) < 0) void read();
    },
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
