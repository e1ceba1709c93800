// Writes documents that were edited to the snapshot store: 1 s after typing pauses, at the latest 5 s after the first unsaved edit.
// Every task that hears of an edit plans its snapshot; a lease lets one of them make it.
import type { DocumentId } from '@codesync/contract';
import { LogGap, SnapshotDamaged, type Cancel, type Cursor, type DocumentAccess } from '@codesync/storage';
import { MergeFailed, snapshotDocument, type SnapshotJobDeps, type SnapshotOutcome } from './snapshot-job.ts';
import {
  backlogOf,
  beginJob,
  dueTime,
  endJob,
  failJob,
  isIdle,
  isTyped,
  newPlan,
  noteSaved,
  postponeJob,
  type Backlog,
  type Plan,
  type Waiter,
} from './snapshot-plan.ts';
import {
  afterRecovery,
  failedAgain,
  foundInLog,
  INTERVAL,
  NO_FAILURES,
  withEdit,
  type Edit,
} from './snapshot-schedule.ts';
import { underLease, type LeaseDeps } from './under-lease.ts';

export interface Snapshotter {
  /** The log of this document grew. */
  noteEdit(document: DocumentId, edit: Edit): void;
  /** Someone committed a snapshot up to this cursor: what it holds need not be planned any more. */
  saved(document: DocumentId, cursor: Cursor): void;
  /** It has entries in the log: planned for later, unless it is planned. false: there is no room for it now. */
  takeUp(document: DocumentId): boolean;
  /** Resolves when everything that was logged before the call is in a committed snapshot; rejects with the reason why not. */
  flush(document: DocumentId): Promise<void>;
  /** Tries to snapshot everything that was edited; resolves when each was tried, or saved by someone. What failed stays in the log. */
  drain(): Promise<void>;
  /** Without what is quarantined: that is reported by itself. */
  readonly backlog: Backlog;
  /** Starts nothing more; resolves when running jobs are done or given up. */
  stop(): Promise<void>;
}

export interface SnapshotterDeps extends SnapshotJobDeps, LeaseDeps {
  readonly access: DocumentAccess;
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

/** Milliseconds after which another task may take over from one that died or is frozen. */
const LEASE = 15_000;

/** Milliseconds after which a job gives up its place: a store that hangs must not keep the others out for ever. */
const LONGEST_JOB = 60_000;

/** Jobs that were given up and hang still hold their documents in memory: with so many nothing new is begun. */
const MOST_UNSETTLED = 16;

/** Documents that were found in the log and wait here, in memory. The others wait where they are. */
const MOST_FOUND = 500;
const MOST_QUARANTINED = 10_000;

/** Milliseconds. A part of Redis that is away must not have its documents tried at every snapshot that the other parts allow. */
const RECOVERY_REST = 10_000;

/** Documents whose row is gone stay in the log. How many are remembered, and how long, so as not to try them at each sweep. */
const MOST_GONE = 10_000;
const GONE_RETRY = 10 * 60_000;

export function createSnapshotter(deps: SnapshotterDeps, options: SnapshotterOptions = {}): Snapshotter {
  const { access, clock, logger } = deps;
  const { interval = INTERVAL, concurrency = CONCURRENCY } = options;
  const plans = new Map<DocumentId, Plan>();
  const gone = new Map<DocumentId, number>();
  const jobs = new Set<Promise<void>>();
  /** Also those that were given up. */
  let unsettled = 0;
  let timer: { readonly at: number; readonly cancel: Cancel } | undefined;
  let recoveredAt = -Infinity;
  let stopped = false;

  function planOf(document: DocumentId): Plan {
    const known = plans.get(document);
    if (known !== undefined) return known;
    const fresh = newPlan();
    plans.set(document, fresh);
    return fresh;
  }

  const mayBegin = (): boolean => !stopped && jobs.size < concurrency && unsettled < MOST_UNSETTLED;

  /** Begins what is due, as far as there is place, and sets the timer for what comes next. */
  function run(): void {
    while (mayBegin()) {
      const now = clock.now();
      let next: { readonly document: DocumentId; readonly plan: Plan; readonly at: number } | undefined;
      for (const [document, plan] of plans) {
        const at = dueTime(plan, now, interval);
        if (at < (next?.at ?? Infinity)) next = { document, plan, at };
      }
      if (next === undefined) return;
      if (next.at > now) return wakeAt(next.at);
      begin(next.document, next.plan);
    }
  }

  function wakeAt(at: number): void {
    // All places taken: the end of a job looks again.
    if (!mayBegin() || (timer !== undefined && timer.at <= at)) return;
    timer?.cancel();
    const cancel = clock.after(Math.max(GRAIN, at - clock.now()), () => {
      timer = undefined;
      run();
    });
    timer = { at, cancel };
  }

  function begin(document: DocumentId, plan: Plan): void {
    const job = snapshot(document, plan, beginJob(plan)).finally(() => {
      endJob(plan);
      jobs.delete(job);
      forgetIfIdle(document, plan);
      run();
    });
    jobs.add(job);
  }

  async function snapshot(document: DocumentId, plan: Plan, waiters: readonly Waiter[]): Promise<void> {
    const { saving } = plan;
    try {
      const outcome = await underLease(
        { lease: `snapshot:${document}`, ttl: LEASE, longest: LONGEST_JOB, work: () => work(document) },
        deps,
      );
      if (outcome === 'held elsewhere') return postponeJob(plan, waiters, clock.now());
      plan.failures = NO_FAILURES;
      plan.jitter = Math.random();
      noteRecovery();
      if (outcome === 'gone') noteGone(document);
      else if (saving?.typed === true) await touch(document, saving.lastEdit);
      for (const { resolve } of waiters) resolve();
    } catch (error) {
      fail(document, plan, error);
      for (const { reject } of waiters) reject(error);
    }
  }

  async function work(document: DocumentId): Promise<SnapshotOutcome> {
    unsettled += 1;
    try {
      return await snapshotDocument(document, deps);
    } finally {
      unsettled -= 1;
      // Of one that was given up nobody else hears the end.
      if (unsettled === MOST_UNSETTLED - 1) run();
    }
  }

  function fail(document: DocumentId, plan: Plan, error: unknown): void {
    const now = clock.now();
    const inDocument = error instanceof MergeFailed || error instanceof LogGap || error instanceof SnapshotDamaged;
    failJob(plan, failedAgain(plan.failures, now, inDocument), now);
    const { count, quarantined } = plan.failures;
    if (inDocument) logger.error({ document, error, failures: count, quarantined }, 'a document cannot be snapshotted');
    else logger.warn({ document, error, failures: count }, 'a snapshot failed; it will be tried again');
  }

  /** After an outage the others need not wait until their next try would have come. */
  function noteRecovery(): void {
    const now = clock.now();
    if (now - recoveredAt < RECOVERY_REST) return;
    for (const plan of plans.values()) {
      const failures = afterRecovery(plan.failures, now);
      if (failures === plan.failures) continue;
      plan.failures = failures;
      recoveredAt = now;
    }
  }

  function noteGone(document: DocumentId): void {
    logger.warn({ document }, 'a document that is gone has entries in the log');
    gone.delete(document);
    gone.set(document, clock.now());
    const [oldest] = gone.keys();
    if (gone.size > MOST_GONE && oldest !== undefined) gone.delete(oldest);
  }

  async function touch(document: DocumentId, at: number): Promise<void> {
    try {
      await access.touch(document, at);
    } catch (error) {
      // The text is safe; the next snapshot says a later time.
      logger.warn({ document, error }, 'the time of an edit could not be noted');
    }
  }

  function forgetIfIdle(document: DocumentId, plan: Plan): void {
    if (isIdle(plan)) plans.delete(document);
  }

  function waitFor(document: DocumentId, known: boolean): Promise<void> {
    if (stopped) return Promise.reject(new Error('the snapshotter has stopped'));
    return new Promise((resolve, reject) => {
      planOf(document).waiters.push({ resolve, reject, known });
      run();
    });
  }

  function hasRoom(): boolean {
    const all = Array.from(plans.values());
    const quarantined = all.filter(({ failures }) => failures.quarantined).length;
    const found = all.filter((plan) => !plan.failures.quarantined && !isTyped(plan)).length;
    return found < MOST_FOUND && quarantined < MOST_QUARANTINED;
  }

  return {
    noteEdit(document, edit) {
      if (stopped) return;
      const plan = planOf(document);
      plan.unsaved = withEdit(plan.unsaved, clock.now(), edit);
      // The end of a running job looks again.
      if (!plan.running) wakeAt(dueTime(plan, clock.now(), interval));
    },

    saved(document, cursor) {
      const plan = plans.get(document);
      if (plan === undefined) return;
      noteSaved(plan, cursor);
      forgetIfIdle(document, plan);
    },

    takeUp(document) {
      const goneAt = gone.get(document) ?? -Infinity;
      if (stopped || plans.has(document) || goneAt + GONE_RETRY > clock.now()) return true;
      if (!hasRoom()) return false;
      const plan = planOf(document);
      plan.unsaved = foundInLog(clock.now());
      wakeAt(dueTime(plan, clock.now(), interval));
      return true;
    },

    flush: (document) => waitFor(document, false),

    async drain() {
      // What is quarantined, or was only found in the log, would use up the time that the others need.
      const edited = [...plans].filter(([, plan]) => isTyped(plan) && !plan.failures.quarantined);
      await Promise.allSettled(edited.map(([document]) => waitFor(document, true)));
    },

    get backlog() {
      return backlogOf(plans.values());
    },

    async stop() {
      stopped = true;
      timer?.cancel();
      await Promise.all(jobs);
      const reason = new Error('the snapshotter has stopped');
      for (const { waiters } of plans.values()) for (const { reject } of waiters.splice(0)) reject(reason);
    },
  };
}
