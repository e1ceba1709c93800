// What is planned for one document: its unsaved edits, how the last tries went, and who waits for it. The snapshotter carries it out.
import type { Cursor } from '@codesync/storage';
import {
  dueAt,
  foundInLog,
  isSaved,
  lookAgainAt,
  NO_FAILURES,
  together,
  type Failures,
  type Unsaved,
} from './snapshot-schedule.ts';

export interface Waiter {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
  /** It is enough when what this task knows of is saved. */
  readonly known: boolean;
}

export interface Plan {
  /** Since the running job began, if there is one. */
  unsaved: Unsaved | undefined;
  /** What the running job is to save. */
  saving: Unsaved | undefined;
  failures: Failures;
  running: boolean;
  jitter: number;
  /** Another task was at it. */
  notBefore: number;
  /** Waiting for a job that begins from now on. */
  waiters: Waiter[];
}

/** What is logged and, as far as this task knows, in no snapshot. */
export interface Backlog {
  readonly documents: number;
  /** When the oldest edit in it was made, in milliseconds since the epoch. */
  readonly since: number | undefined;
}

export function newPlan(): Plan {
  return {
    unsaved: undefined,
    saving: undefined,
    failures: NO_FAILURES,
    running: false,
    jitter: Math.random(),
    notBefore: -Infinity,
    waiters: [],
  };
}

/** When its job is to begin; Infinity while there is nothing to do. */
export function dueTime(plan: Plan, now: number, interval: number): number {
  const { unsaved, notBefore } = plan;
  if (plan.running) return Infinity;
  if (plan.waiters.length > 0) return notBefore;
  if (unsaved === undefined) return Infinity;
  const at = Math.max(dueAt(unsaved, plan.failures, interval, plan.jitter), notBefore);
  // What was found is never overdue, so that who types here does not wait for it.
  return unsaved.typed ? at : Math.max(at, now);
}

/** Its job begins, and answers these. */
export function beginJob(plan: Plan): readonly Waiter[] {
  const { unsaved, waiters } = plan;
  Object.assign(plan, { unsaved: undefined, saving: unsaved, running: true, notBefore: -Infinity, waiters: [] });
  return waiters;
}

export function endJob(plan: Plan): void {
  plan.saving = undefined;
  plan.running = false;
}

/** The task that has the lease commits what we have. If it dies its lease ends, and we do. */
export function postponeJob(plan: Plan, waiters: readonly Waiter[], now: number): void {
  if (plan.saving !== undefined) plan.unsaved = together(plan.saving, plan.unsaved);
  plan.saving = undefined;
  plan.notBefore = lookAgainAt(now, Math.random());
  plan.waiters.unshift(...waiters);
  answerKnown(plan);
}

/** What its job was to save is as unsaved as before. */
export function failJob(plan: Plan, failures: Failures, now: number): void {
  plan.unsaved = together(plan.saving ?? foundInLog(now), plan.unsaved);
  plan.saving = undefined;
  plan.failures = failures;
}

/** Someone committed a snapshot up to this cursor. */
export function noteSaved(plan: Plan, cursor: Cursor): void {
  if (plan.unsaved === undefined || !isSaved(plan.unsaved, cursor)) return;
  plan.unsaved = undefined;
  plan.failures = NO_FAILURES;
  answerKnown(plan);
}

export function isIdle({ unsaved, running, waiters }: Plan): boolean {
  return unsaved === undefined && !running && waiters.length === 0;
}

/** Whether somebody typed what is unsaved here. */
export function isTyped({ unsaved, saving }: Plan): boolean {
  return unsaved?.typed === true || saving?.typed === true;
}

export function backlogOf(plans: Iterable<Plan>): Backlog {
  const since = Array.from(plans)
    .filter(({ failures }) => !failures.quarantined)
    .flatMap(({ unsaved, saving }) => (saving ?? unsaved)?.firstEdit ?? []);
  return { documents: since.length, since: since.length === 0 ? undefined : Math.min(...since) };
}

function answerKnown(plan: Plan): void {
  if (plan.unsaved !== undefined || plan.saving !== undefined) return;
  for (const { known, resolve } of plan.waiters) if (known) resolve();
  plan.waiters = plan.waiters.filter(({ known }) => !known);
}
