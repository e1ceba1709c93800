// Which snapshots of a document may go: all stay for an hour, one a minute for a day, one an hour for 30 days, then one a day.
import type { SnapshotId } from '@codesync/contract';
import type { SnapshotRow } from './snapshot-commits.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long every snapshot stays, in milliseconds. */
const ALL_STAY = HOUR;

/**
 * From an age on the newest snapshot of each bucket is enough. Buckets are counted from the epoch, and each lies within one of
 * the next tier: whoever is the newest of an hour was the newest of its minute, so what stays does not hang on when one looked.
 */
const TIERS = [
  { from: ALL_STAY, bucket: MINUTE },
  { from: DAY, bucket: HOUR },
  { from: 30 * DAY, bucket: DAY },
] as const;

export interface Thinning {
  readonly removable: readonly SnapshotId[];
  /** When something else may go, in milliseconds since the epoch; undefined: not before there is another snapshot. */
  readonly next: number | undefined;
}

/** `rows` are all of one document, or its newest, in the order of their commits, newest first. Never the head, never what has a name. */
export function thinOut(rows: readonly Pick<SnapshotRow, 'id' | 'createdAt' | 'name'>[], now: number): Thinning {
  const taken = TIERS.map(() => new Set<number>());
  const removable: SnapshotId[] = [];
  let next = Infinity;
  for (const [index, { id, createdAt, name }] of rows.entries()) {
    let goesAt = Infinity;
    for (const [tier, { from, bucket }] of TIERS.entries()) {
      const place = Math.floor(createdAt / bucket);
      if (taken[tier]?.has(place) === true) goesAt = Math.min(goesAt, createdAt + from);
      taken[tier]?.add(place);
    }
    if (index === 0 || name !== undefined) continue;
    if (goesAt <= now) removable.push(id);
    else next = Math.min(next, goesAt);
  }
  return { removable, next: next === Infinity ? undefined : next };
}

/** When the document of a snapshot that is committed now may have something to thin. */
export function firstThinning(createdAt: number): number {
  return createdAt + ALL_STAY;
}
