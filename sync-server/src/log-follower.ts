// Hands on one document's log entries in order and without gaps, whoever appended them: what comes twice, late or not at all is put right from the log.
//
// Everything hangs on `previous`: an entry follows the one that it names. When the log does not go on at our place, it has lost
// what was there (R7), or was trimmed beyond it (R3); which of the two, nobody can tell, and the answer is the same.
import type { DocumentId } from '@codesync/contract';
import type { Cancel, Clock, Cursor, Logger, LogEntry, LogPage, UpdateLog } from '@codesync/storage';
import type { LogChain } from './log-chain.ts';

export interface LogFollower {
  /** An entry that was appended, by us or by another task. Known ones are dropped; a gap before it is read. */
  hear(entry: LogEntry): void;
  /** Something may have been missed, perhaps this: reads now, and again until the log answers. */
  doubt(expected?: Cursor): void;
  /** Reads to the end of the log. Rejects when the log cannot be read; what was heard meanwhile is read later all the same. */
  read(): Promise<void>;
  /** Reads and hands on nothing more until `doubt` or `read`; what a read that is under way brings is not used. */
  pause(): void;
  /** When the end of the log was last reached (milliseconds since the epoch). */
  readonly verifiedAt: number;
}

export interface FollowerDeps {
  readonly document: DocumentId;
  readonly log: Pick<UpdateLog, 'read'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of what was handed on; `next` adds to it. */
  readonly chain: LogChain;
  /** The entry after `chain.place`. */
  next(entry: LogEntry): void;
  /** The log was trimmed up to here: a committed snapshot reaches so far (R3). */
  trimmed(to: Cursor): void;
  /** The log was read to its end after this was heard or expected, and does not have it. */
  absent(cursor: Cursor): void;
  /** The log does not go on at `chain.place`. */
  lost(): void;
}

const RETRY = 1_000;
/** Cursors that are heard during one read and tell whether another is needed. With more it is. */
const DOUBTS = 1_000;

export function createLogFollower(deps: FollowerDeps): LogFollower {
  const { document, log, clock, logger, chain } = deps;
  /** Heard with a gap before them since the running read began: it may not show them. */
  let doubtful = new Set<Cursor>();
  /** A read is wanted that begins from now on. */
  let wanted = false;
  let reading: Promise<void> | undefined;
  let cancelRetry: Cancel | undefined;
  /** Grows with each pause: what was asked before is no answer any more. */
  let pauses = 0;
  let verifiedAt = clock.now();

  const isPaused = (began: number): boolean => pauses !== began;
  const isUnknown = (cursor: Cursor): boolean => chain.numberOf(cursor) === undefined;

  async function readOn(): Promise<void> {
    const began = pauses;
    do {
      const doubted = doubtful;
      const wasWanted = wanted;
      doubtful = new Set();
      wanted = false;
      try {
        if (!(await readToEnd(began))) return;
      } catch (error) {
        if (!isPaused(began)) {
          doubtful = new Set([...doubted, ...doubtful]);
          wanted ||= wasWanted || doubtful.size > 0;
        }
        throw error;
      }
      verifiedAt = clock.now();
      for (const cursor of doubted) if (!isPaused(began) && isUnknown(cursor)) deps.absent(cursor);
    } while (!isPaused(began) && (wanted || Array.from(doubtful).some(isUnknown)));
  }

  /** False when that came to nothing: paused meanwhile, or lost. */
  async function readToEnd(began: number): Promise<boolean> {
    for (;;) {
      const { place, length } = chain;
      const page = await log.read(document, place);
      if (isPaused(began)) return false;
      if (!goesOn(page, place, length)) {
        deps.lost();
        return false;
      }
      for (const entry of page.entries) {
        if (!isUnknown(entry.cursor)) continue;
        if (entry.previous !== chain.place) {
          deps.lost();
          return false;
        }
        deps.next(entry);
        if (isPaused(began)) return false;
      }
      deps.trimmed(page.trimmedTo);
      if (!page.more) return true;
    }
  }

  /** Whether the page follows the place after which it was read, or one that was reached and trimmed to since. */
  function goesOn(page: LogPage, place: Cursor, length: number): boolean {
    const follows = page.entries[0]?.previous ?? page.last;
    return follows === place || (chain.numberOf(follows) ?? -1) > length;
  }

  function expect(cursor: Cursor): void {
    if (doubtful.size < DOUBTS) doubtful.add(cursor);
    else wanted = true;
  }

  function read(): Promise<void> {
    if (reading !== undefined) return reading;
    const began = pauses;
    const done = readOn().finally(() => {
      if (isPaused(began)) return;
      reading = undefined;
      // It failed: otherwise it would have gone on itself.
      if (wanted) retry();
    });
    reading = done;
    return done;
  }

  function readInBackground(): void {
    if (reading !== undefined) return;
    cancelRetry?.();
    cancelRetry = undefined;
    read().catch((error: unknown) => {
      logger.warn({ document, error }, 'the log could not be read; trying again');
    });
  }

  function retry(): void {
    cancelRetry ??= clock.after(RETRY, () => {
      cancelRetry = undefined;
      readInBackground();
    });
  }

  return {
    hear(entry) {
      if (!isUnknown(entry.cursor)) return;
      if (entry.previous === chain.place) {
        deps.next(entry);
        return;
      }
      expect(entry.cursor);
      // A read that failed is tried again in its own time, not at every entry.
      if (cancelRetry === undefined) readInBackground();
    },
    doubt(expected) {
      wanted = true;
      if (expected !== undefined) expect(expected);
      readInBackground();
    },
    read,
    pause() {
      pauses += 1;
      reading = undefined;
      doubtful.clear();
      wanted = false;
      cancelRetry?.();
      cancelRetry = undefined;
    },
    get verifiedAt() {
      return verifiedAt;
    },
  };
}
