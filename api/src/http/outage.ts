// Tells a part that is down (503: try again) from a defect of ours (500).
import { Failure } from '@codesync/contract';
import { LogGap, SnapshotDamaged } from '@codesync/storage';

/** A port rejects when its part cannot do what was asked; these are what it says when trying again is of no use. */
const DEFECTS = [Failure, LogGap, SnapshotDamaged, TypeError, RangeError, ReferenceError, SyntaxError];

/** Waits for a port. Rejects with `unavailable`, naming the part, where the port rejected for its own reasons. */
export async function answered<T>(part: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    if (DEFECTS.some((defect) => cause instanceof defect)) throw cause;
    throw new Failure('unavailable', { detail: `The ${part} is not available.`, cause });
  }
}

// SQLSTATE classes: connection, rolled back (deadlock), no resources, shut down by an operator, system error.
const OUTAGE_STATE = /^(08|40|53|57|58)[0-9A-Z]{3}$/;
const OUTAGE_ERRNO = /^(ECONN[A-Z]+|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
// pg, PGlite and, once it is closed, Kysely give these no code.
const OUTAGE_MESSAGE =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|client has encountered a connection error|pglite is closed|driver has already been destroyed/i;

/** Whether an error that came from a query means that the database is away, rather than that the query is wrong. */
export function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    OUTAGE_STATE.test(code) ||
    OUTAGE_ERRNO.test(code) ||
    OUTAGE_MESSAGE.test(error.message) ||
    (error instanceof AggregateError && error.errors.some(isDatabaseOutage)) ||
    isDatabaseOutage(error.cause)
  );
}
