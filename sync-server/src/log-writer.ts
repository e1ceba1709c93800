// Brings one document's updates into the log: in order, one append at a time, again until it succeeds (R2, R8).
import type { DocumentId } from '@codesync/contract';
import type { Cancel, Clock, Cursor, Logger, UpdateLog } from '@codesync/storage';
import type { ByteBudget } from './byte-budget.ts';
import type { UpdateSummary } from './yjs/update-summary.ts';

/** One update frame on its way into the log. */
export interface Submission<Author> {
  readonly author: Author;
  /** Which of its author's update frames it is. */
  readonly number: number;
  readonly update: Uint8Array;
  readonly summary: UpdateSummary;
  /** The log has it already: not appended, but acked in its turn. */
  readonly redundant: boolean;
}

export type Batch<Author> = readonly Submission<Author>[];

/** Where a batch came to lie; undefined when all of it was there before. */
export type Appended = { readonly cursor: Cursor; readonly previous: Cursor } | undefined;

export interface LogWriter<Author> {
  /** False at the byte bound: the submission is not taken, and nothing after it from its author may be (R2). */
  submit(submission: Submission<Author>): boolean;
  /** Bytes that are not known to be logged. */
  readonly bytes: number;
  /** What is not known to be logged, in order. */
  waiting(): Submission<Author>[];
  /** The batch that is being appended, until `logged` was told of it. */
  readonly appending: Batch<Author>;
  /** The last append failed, or this one takes long, and none succeeded since. */
  readonly failing: boolean;
  /** The log may be there again: tries at once what it would try later. */
  wake(): void;
  /** Resolves when nothing waits, or on `stop`. */
  settled(): Promise<void>;
  stop(): void;
}

/** One entry of the log holds about this much at most. */
const ENTRY_BYTES = 4 * 1024 * 1024;

const FIRST_RETRY = 100;
const LAST_RETRY = 2_000;

/** An append takes milliseconds. What takes so long, people here need not wait for to see each other (R8). */
const PATIENCE = 500;

export function createLogWriter<Author>(deps: {
  document: DocumentId;
  log: Pick<UpdateLog, 'append'>;
  clock: Clock;
  logger: Logger;
  budget: ByteBudget;
  /** Called in order of submission. */
  logged(batch: Batch<Author>, appended: Appended): void;
  /** An append failed, and the batch with all that waits behind it will be tried again; or it takes long. */
  failed(): void;
}): LogWriter<Author> {
  const { document, log, clock, logger, budget } = deps;
  let queue: Submission<Author>[] = [];
  let appending: Submission<Author>[] = [];
  let running = false;
  let failing = false;
  let stopped = false;
  const isStopped = (): boolean => stopped;
  let wake: (() => void) | undefined;
  let cancel: Cancel | undefined;
  let waiters: (() => void)[] = [];

  async function run(): Promise<void> {
    while (queue.length > 0 && !isStopped()) {
      appending = takeBatch();
      const appended = await append(appending);
      if (isStopped()) break;
      deps.logged(appending, appended);
      for (const { update } of appending) budget.give(update.byteLength);
      appending = [];
    }
    running = false;
    settle();
  }

  function takeBatch(): Submission<Author>[] {
    let bytes = 0;
    const cut = queue.findIndex((submission, index) => {
      bytes += submission.update.byteLength;
      return index > 0 && bytes > ENTRY_BYTES;
    });
    const batch = cut === -1 ? queue : queue.slice(0, cut);
    queue = cut === -1 ? [] : queue.slice(cut);
    return batch;
  }

  async function append(batch: Batch<Author>): Promise<Appended> {
    const updates = batch.filter(({ redundant }) => !redundant).map(({ update }) => update);
    if (updates.length === 0) return undefined;
    for (let pause = FIRST_RETRY; !isStopped(); pause = Math.min(2 * pause, LAST_RETRY)) {
      cancel = clock.after(PATIENCE, () => fail('an append takes long'));
      try {
        const appended = await log.append(document, updates);
        cancel();
        if (failing) logger.info({ document }, 'the log takes updates again');
        failing = false;
        return appended;
      } catch (error) {
        cancel();
        if (isStopped()) break;
        fail('an append failed; trying again', error);
        await sleep(pause);
      }
    }
    return undefined;
  }

  function fail(what: string, error?: unknown): void {
    if (!failing) logger.warn({ document, error }, what);
    failing = true;
    deps.failed();
  }

  function sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel?.();
        wake = undefined;
        resolve();
      };
      cancel = clock.after(milliseconds, end);
      wake = end;
    });
  }

  function settle(): void {
    const settled = waiters;
    waiters = [];
    for (const resolve of settled) resolve();
  }

  return {
    submit(submission) {
      if (stopped || !budget.take(submission.update.byteLength)) return false;
      queue.push(submission);
      if (!running) {
        running = true;
        // After what else was read in this turn of the event loop: that travels in the same entry.
        setImmediate(() => void run());
      }
      return true;
    },
    get bytes() {
      return budget.used;
    },
    waiting: () => [...appending, ...queue],
    get appending() {
      return appending;
    },
    get failing() {
      return failing;
    },
    wake: () => wake?.(),
    settled: () => (running ? new Promise((resolve) => waiters.push(resolve)) : Promise.resolve()),
    stop() {
      stopped = true;
      for (const { update } of [...appending, ...queue]) budget.give(update.byteLength);
      appending = [];
      queue = [];
      cancel?.();
      wake?.();
      if (!running) settle();
    },
  };
}
