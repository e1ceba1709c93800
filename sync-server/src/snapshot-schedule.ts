// When a document is snapshotted: decisions alone, in milliseconds. The snapshotter keeps the time.
import type { Cursor } from '@codesync/storage';

/** From the first unsaved edit to its commit, at the latest. */
export const INTERVAL = 5_000;

/** How long typing must pause before the first write. */
const PAUSE = 1_000;

/** A \r is taken out soon, but not once for each update that brings one (R21). */
const URGENT_PAUSE = 500;

/** Part of the interval that is left for reading, merging and committing. */
const WORK_SHARE = 0.2;

/** What was found in the log: in this many intervals a task that lives and knows of it has saved it. */
const FOUND_INTERVALS = 2;

/** Another task was at the document: when to look whether it came to an end. */
const HELD_RETRY = 1_000;

const RETRY = { first: 1_000, longest: 30_000 } as const;

/** After this many failures in a row for a reason that lies in the document, it is quarantined (R19). */
const QUARANTINE_AFTER = 3;

const QUARANTINE_RETRY = 10 * 60_000;

export interface Edit {
  /** Its place in the log; undefined when it is not known. */
  readonly cursor: Cursor | undefined;
  /** An update brought a \r (R21). */
  readonly urgent: boolean;
}

/** What was edited since the last snapshot of a document began. */
export interface Unsaved {
  readonly firstEdit: number;
  readonly lastEdit: number;
  /** When the first \r came. */
  readonly urgentSince: number | undefined;
  /** Somebody typed here and now; false when it was found in the log. */
  readonly typed: boolean;
  /** The last edit's place. */
  readonly cursor: Cursor | undefined;
}

/** Snapshots that failed since the last one that did not. */
export interface Failures {
  readonly count: number;
  readonly last: number;
  /** The last one's reason lies in the document, not in what all documents need. */
  readonly inDocument: boolean;
  readonly quarantined: boolean;
}

export const NO_FAILURES: Failures = { count: 0, last: 0, inDocument: false, quarantined: false };

/** `jitter`, 0 to 1, spreads documents that were edited, or failed, at the same moment. */
export function dueAt(unsaved: Unsaved, failures: Failures, interval: number, jitter: number): number {
  if (failures.count > 0) return failures.last + retryAfter(failures) * (0.75 + 0.5 * jitter);
  if (unsaved.urgentSince !== undefined) return unsaved.urgentSince + URGENT_PAUSE;
  if (!unsaved.typed) return unsaved.firstEdit + interval * FOUND_INTERVALS * (1 - 0.1 * jitter);
  // Here jitter only brings forward: the interval is a promise.
  const latest = unsaved.firstEdit + interval * (1 - WORK_SHARE) * (1 - 0.1 * jitter);
  return Math.min(unsaved.lastEdit + Math.min(PAUSE, interval / 2), latest);
}

function retryAfter({ count, quarantined }: Failures): number {
  return quarantined ? QUARANTINE_RETRY : Math.min(RETRY.first * 2 ** (count - 1), RETRY.longest);
}

/** `inDocument`: the reason lies in the document, so that trying again changes little. */
export function failedAgain(failures: Failures, now: number, inDocument: boolean): Failures {
  const count = failures.count + 1;
  return {
    count,
    last: now,
    inDocument,
    quarantined: inDocument && (failures.quarantined || count >= QUARANTINE_AFTER),
  };
}

/** What all documents need works again: one that failed for it is tried as soon as after its first failure. */
export function afterRecovery(failures: Failures, now: number): Failures {
  return failures.inDocument || failures.count < 2 ? failures : { ...failures, count: 1, last: now };
}

/** When to ask again for the lease that another task has. */
export function lookAgainAt(now: number, jitter: number): number {
  return now + HELD_RETRY * (1 + jitter);
}

/** One more edit. */
export function withEdit(unsaved: Unsaved | undefined, now: number, { cursor, urgent }: Edit): Unsaved {
  return {
    firstEdit: unsaved?.firstEdit ?? now,
    lastEdit: now,
    urgentSince: unsaved?.urgentSince ?? (urgent ? now : undefined),
    typed: true,
    cursor,
  };
}

/** The log has entries, and nobody said which or since when. */
export function foundInLog(now: number): Unsaved {
  return { firstEdit: now, lastEdit: now, urgentSince: undefined, typed: false, cursor: undefined };
}

/** What a snapshot that failed should have saved, with what came meanwhile. */
export function together(older: Unsaved, newer: Unsaved | undefined): Unsaved {
  return {
    firstEdit: older.firstEdit,
    lastEdit: newer?.lastEdit ?? older.lastEdit,
    urgentSince: older.urgentSince ?? newer?.urgentSince,
    typed: older.typed || newer?.typed === true,
    cursor: newer === undefined ? older.cursor : newer.cursor,
  };
}

/**
 * Whether a snapshot up to this cursor holds it. Only the same cursor says so: one that sorts after it may be of a history in
 * which it was lost (R7). What was only found is let go at any one: what is left then is found again.
 */
export function isSaved(unsaved: Unsaved, cursor: Cursor): boolean {
  return !unsaved.typed || unsaved.cursor === cursor;
}
