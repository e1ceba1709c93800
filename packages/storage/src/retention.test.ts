import { newSnapshotId, type SnapshotId } from '@codesync/contract';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstThinning, thinOut } from './retention.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 20, 15, 7, 31);

interface Row {
  readonly id: SnapshotId;
  readonly createdAt: number;
  readonly name?: string;
}

/** From seconds to weeks, and now and then a clock that went back. */
const gap = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 90_000 }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 2 * HOUR }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 20 * DAY }) },
  { weight: 1, arbitrary: fc.integer({ min: -5 * MINUTE, max: 0 }) },
);

const history: fc.Arbitrary<readonly Row[]> = fc
  .array(fc.record({ gap, named: fc.nat({ max: 9 }) }), { maxLength: 60, size: 'max' })
  .map((steps) => {
    let createdAt = NOW;
    return steps.map(({ gap, named }) => {
      createdAt -= gap;
      return { id: newSnapshotId(), createdAt, ...(named === 0 ? { name: 'kept' } : {}) };
    });
  });

/** How long after the newest one looks. */
const wait = fc.oneof(fc.nat({ max: 2 * HOUR }), fc.nat({ max: 90 * DAY }));

function left(rows: readonly Row[], now: number): readonly Row[] {
  const removable = new Set(thinOut(rows, now).removable);
  return rows.filter(({ id }) => !removable.has(id));
}

describe('retention', () => {
  it('keeps all for an hour, one a minute for a day, one an hour for 30 days, then one a day', () => {
    const now = Date.UTC(2026, 10, 20);
    const rows = every(20_000, now, 40 * DAY);
    const ages = left(rows, now).map(({ createdAt }) => now - createdAt);
    const between = (from: number, to: number) => ages.filter((age) => age >= from && age < to).length;
    expect(between(0, HOUR)).toBe(180);
    expect(between(HOUR, DAY)).toBe(23 * 60);
    expect(between(DAY, 30 * DAY)).toBe(29 * 24);
    expect(between(30 * DAY, 40 * DAY)).toBe(10);
  });

  it('R3: never lets go of the head, of what has a name, or of what is younger than an hour', () => {
    fc.assert(
      fc.property(history, wait, (rows, wait) => {
        const now = NOW + wait;
        const removable = new Set(thinOut(rows, now).removable);
        for (const [index, { id, createdAt, name }] of rows.entries()) {
          if (index === 0 || name !== undefined || now - createdAt < HOUR) expect(removable).not.toContain(id);
        }
      }),
    );
  });

  it('whatever moment of the past one asks for, what was there is there still, or a neighbour within the minute, hour or day', () => {
    fc.assert(
      fc.property(history, wait, (rows, wait) => {
        const now = NOW + wait;
        const kept = left(rows, now);
        for (const { createdAt } of rows) {
          const age = now - createdAt;
          const within = age < HOUR ? 1 : age < DAY ? MINUTE : age < 30 * DAY ? HOUR : DAY;
          expect(kept.some((row) => Math.abs(row.createdAt - createdAt) < within)).toBe(true);
        }
      }),
    );
  });

  it('a second look at the same moment finds nothing more', () => {
    fc.assert(
      fc.property(history, wait, (rows, wait) => {
        expect(thinOut(left(rows, NOW + wait), NOW + wait).removable).toEqual([]);
      }),
    );
  });

  it('what may go may go ever after, and what stays does not hang on when one looked in between', () => {
    fc.assert(
      fc.property(history, fc.array(wait, { maxLength: 6 }), wait, (rows, looks, wait) => {
        const end = NOW + Math.max(wait, ...looks);
        let thinned = rows;
        for (const look of looks.toSorted((a, b) => a - b)) thinned = left(thinned, NOW + look);
        expect(left(thinned, end)).toEqual(left(rows, end));
      }),
    );
  });

  it('nor on looks while the document was being written', () => {
    fc.assert(
      fc.property(history, fc.nat({ max: 60 }), wait, (rows, behind, wait) => {
        const older = rows.slice(behind);
        const thinned = left(older, older[0]?.createdAt ?? 0);
        expect(left([...rows.slice(0, behind), ...thinned], NOW + wait)).toEqual(left(rows, NOW + wait));
      }),
    );
  });

  it('says when something else may go: nothing before, something then', () => {
    fc.assert(
      fc.property(history, wait, (rows, wait) => {
        const { next } = thinOut(rows, NOW + wait);
        const kept = left(rows, NOW + wait);
        if (next === undefined) {
          expect(thinOut(kept, NOW + 10_000 * DAY).removable).toEqual([]);
        } else {
          expect(next).toBeGreaterThan(NOW + wait);
          expect(thinOut(kept, next - 1).removable).toEqual([]);
          expect(thinOut(kept, next).removable).not.toEqual([]);
        }
      }),
    );
  });

  it('nothing may go before the first time that a commit asks for a look', () => {
    fc.assert(
      fc.property(history, wait, (rows, wait) => {
        const first = Math.min(...rows.map(({ createdAt }) => firstThinning(createdAt)));
        expect(thinOut(rows, Math.min(first - 1, NOW + wait)).removable).toEqual([]);
      }),
    );
  });

  it('R3: lets nothing go that was the head within 59 minutes, so that a slow reader of the head still finds it', () => {
    const ordered = history.map((rows) => rows.toSorted((a, b) => b.createdAt - a.createdAt));
    fc.assert(
      fc.property(ordered, wait, (rows, wait) => {
        const removable = new Set(thinOut(rows, NOW + wait).removable);
        for (const [index, { id }] of rows.entries()) {
          const next = rows[index - 1];
          if (removable.has(id)) expect(NOW + wait - (next?.createdAt ?? Infinity)).toBeGreaterThan(59 * MINUTE);
        }
      }),
    );
  });
});

/** Newest first, one just before `now`. */
function every(gap: number, now: number, span: number): Row[] {
  return Array.from({ length: span / gap }, (_, n) => ({ id: newSnapshotId(), createdAt: now - 1 - n * gap }));
}
