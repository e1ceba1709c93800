// Writes documents that were edited to the snapshot store: 1 s after typing pauses, at the latest 5 s after the first unsaved edit.
import type { DocumentId } from '@codesync/contract';
import { LogGap, SnapshotDamaged, type Cancel, type Clock, type DocumentAccess } from '@codesync/storage';
import { MergeFailed, snapshotDocument, type SnapshotJobDeps } from './snapshot-job.ts';
import { dueAt, failedAgain, INTERVAL, NO_FAILURES, together, withEdit } from './snapshot-schedule.ts';
import type { Failures, Unsaved } from './snapshot-schedule.ts';

export interface Snapshotter {
  /** The log of this document grew. `urgent`: an update brought a \r (R21). */
  noteEdit(document: DocumentId, options?: { readonly urgent?: boolean }): void;
  /** Resolves when everything that was logged before the call is in a committed snapshot; rejects with the reason why not. */
  flush(document: DocumentId): Promise<void>;
  /** Tries to snapshot everything that is dirty now; resolves when each was tried. What failed stays in the log. */
  drain(): Promise<void>;
  /** Queues what a crash left in the log. While the log cannot be asked, it is asked again. */
  start(): Promise<void>;
  /** Starts nothing more; resolves when running jobs are done. */
  stop(): Promise<void>;
}

export interface SnapshotterDeps extends SnapshotJobDeps {
  readonly access: DocumentAccess;
  readonly clock: Clock;
}

export interface SnapshotterOptions {
  /** Milliseconds from the first unsaved edit to its commit, at the latest. */
  readonly interval?: number;
  /** Jobs at a time. */
  readonly concurrency?: number;
}

/** As many as the merger has threads: more would only hold documents in memory. */
const CONCURRENCY = 2;

/** The one timer is set no finer than this, so that documents that are due almost together share a wake-up. */
const GRAIN = 20;

const START_RETRY = 5_000;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

interface Dirty {
  /** Since the running job began, if there is one. */
  unsaved: Unsaved | undefined;
  failures: Failures;
  running: boolean;
  jitter: number;
  /** Waiting for a job that begins from now on. */
  waiters: Waiter[];
}

export function createSnapshotter(deps: SnapshotterDeps, options: SnapshotterOptions = {}): Snapshotter {
  const { log, access, clock, logger } = deps;
  const { interval = INTERVAL, concurrency = CONCURRENCY } = options;
  const documents = new Map<DocumentId, Dirty>();
  const jobs = new Set<Promise<void>>();
  let timer: { readonly at: number; readonly cancel: Cancel } | undefined;
  let cancelStart: Cancel = () => {};
  let stopped = false;

  function dirty(document: DocumentId): Dirty {
    const known = documents.get(document);
    if (known !== undefined) return known;
    const fresh = { unsaved: undefined, failures: NO_FAILURES, running: false, jitter: Math.random(), waiters: [] };
    documents.set(document, fresh);
    return fresh;
  }

  function due(state: Dirty): number {
    if (state.running) return Infinity;
    if (state.waiters.length > 0) return -Infinity;
    return state.unsaved === undefined ? Infinity : dueAt(state.unsaved, state.failures, interval, state.jitter);
  }

  /** Begins what is due, as far as `concurrency` allows, and sets the timer for what comes next. */
  function run(): void {
    if (stopped) return;
    while (jobs.size < concurrency) {
      let next: { readonly document: DocumentId; readonly state: Dirty; readonly at: number } | undefined;
      for (const [document, state] of documents) {
        const at = due(state);
        if (at < (next?.at ?? Infinity)) next = { document, state, at };
      }
      if (next === undefined) return;
      if (next.at > clock.now()) return wakeAt(next.at);
      begin(next.document, next.state);
    }
  }

  function wakeAt(at: number): void {
    // All slots taken: the end of a job looks again.
    if (stopped || jobs.size >= concurrency || (timer !== undefined && timer.at <= at)) return;
    timer?.cancel();
    const cancel = clock.after(Math.max(GRAIN, at - clock.now()), () => {
      timer = undefined;
      run();
    });
    timer = { at, cancel };
  }

  function begin(document: DocumentId, state: Dirty): void {
    const { waiters, unsaved } = state;
    Object.assign(state, { unsaved: undefined, running: true, waiters: [] });
    const job = snapshot(document, state, unsaved, waiters).finally(() => {
      state.running = false;
      jobs.delete(job);
      if (state.unsaved === undefined && state.waiters.length === 0) documents.delete(document);
      run();
    });
    jobs.add(job);
  }

  async function snapshot(
    document: DocumentId,
    state: Dirty,
    unsaved: Unsaved | undefined,
    waiters: readonly Waiter[],
  ): Promise<void> {
    try {
      const outcome = await snapshotDocument(document, deps);
      state.failures = NO_FAILURES;
      state.jitter = Math.random();
      if (outcome === 'gone') logger.warn({ document }, 'a document that is gone has entries in the log');
      else if (unsaved?.typed === true) await touch(document, unsaved.lastEdit);
      for (const { resolve } of waiters) resolve();
    } catch (error) {
      fail(document, state, unsaved, error);
      for (const { reject } of waiters) reject(error);
    }
  }

  function fail(document: DocumentId, state: Dirty, unsaved: Unsaved | undefined, error: unknown): void {
    const now = clock.now();
    const found = { firstEdit: now, lastEdit: now, urgentSince: undefined, typed: false };
    state.unsaved = together(unsaved ?? found, state.unsaved);
    const inDocument = error instanceof MergeFailed || error instanceof LogGap || error instanceof SnapshotDamaged;
    state.failures = failedAgain(state.failures, now, inDocument);
    const { count, quarantined } = state.failures;
    if (inDocument) logger.error({ document, error, failures: count, quarantined }, 'a document cannot be snapshotted');
    else logger.warn({ document, error, failures: count }, 'a snapshot failed; it will be tried again');
  }

  async function touch(document: DocumentId, at: number): Promise<void> {
    try {
      await access.touch(document, at);
    } catch (error) {
      // The text is safe; the next snapshot says a later time.
      logger.warn({ document, error }, 'the time of an edit could not be noted');
    }
  }

  function flush(document: DocumentId): Promise<void> {
    if (stopped) return Promise.reject(new Error('the snapshotter has stopped'));
    return new Promise((resolve, reject) => {
      dirty(document).waiters.push({ resolve, reject });
      run();
    });
  }

  async function start(): Promise<void> {
    const now = clock.now();
    try {
      for await (const document of log.documents()) {
        const state = dirty(document);
        state.unsaved ??= { firstEdit: now, lastEdit: now, urgentSince: undefined, typed: false };
      }
    } catch (error) {
      logger.warn({ error }, 'the log cannot be searched for unsaved documents; trying again');
      if (!stopped) cancelStart = clock.after(START_RETRY, () => void start());
    }
    run();
  }

  return {
    noteEdit(document, { urgent = false } = {}) {
      if (stopped) return;
      const state = dirty(document);
      state.unsaved = withEdit(state.unsaved, clock.now(), urgent);
      // The end of a running job looks again.
      if (!state.running) wakeAt(due(state));
    },

    flush,

    async drain() {
      // What is quarantined would use up the time that the others need.
      const names = [...documents].filter(([, { failures }]) => !failures.quarantined).map(([document]) => document);
      await Promise.allSettled(names.map(flush));
    },

    start,

    async stop() {
      stopped = true;
      timer?.cancel();
      cancelStart();
      await Promise.all(jobs);
      const reason = new Error('the snapshotter has stopped');
      for (const { waiters } of documents.values()) for (const { reject } of waiters.splice(0)) reject(reason);
    },
  };
}
