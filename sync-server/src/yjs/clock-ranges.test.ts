import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ClockRanges } from './clock-ranges.ts';

// Many random documents: more than the usual five seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const range = fc
  .tuple(fc.nat({ max: 1 }), fc.nat({ max: 60 }), fc.nat({ max: 6 }))
  .map(([client, from, length]) => [client, from, from + length] as const);
const ranges = fc.array(range, { maxLength: 40 });

type Range = readonly [client: number, from: number, to: number];

function added(all: readonly Range[]): ClockRanges {
  const result = new ClockRanges();
  for (const [client, from, to] of all) result.add(client, from, to);
  return result;
}

function collected(all: readonly Range[]): ClockRanges {
  const pairs = new Map<number, number[]>();
  for (const [client, from, to] of all) pairs.set(client, [...(pairs.get(client) ?? []), from, to]);
  return ClockRanges.of(pairs);
}

/** The same as single clocks. */
function clocks(all: readonly Range[]): Set<string> {
  const result = new Set<string>();
  for (const [client, from, to] of all) for (let clock = from; clock < to; clock++) result.add(`${client}:${clock}`);
  return result;
}

function listed(all: ClockRanges): Range[] {
  return [...all.entries()].flatMap(([client, flat]) =>
    Array.from({ length: flat.length / 2 }, (_, i) => [client, flat[2 * i] ?? NaN, flat[2 * i + 1] ?? NaN] as const),
  );
}

describe('ClockRanges', () => {
  it('holds the clocks that were added, in any order, as sorted ranges that do not touch', () => {
    fc.assert(
      fc.property(ranges, (all) => {
        for (const result of [added(all), collected(all)]) {
          expect(clocks(listed(result))).toEqual(clocks(all));
          for (const [, flat] of result.entries()) {
            expect(flat.length).toBeGreaterThan(0);
            flat.forEach((clock, i) => expect(clock).toBeGreaterThan(flat[i - 1] ?? -1));
          }
        }
      }),
    );
  });

  it('joins two sets, leaving the other as it was', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const result = added(a);
        const other = collected(b);
        result.addAll(other);
        // Were an array shared, this would reach the other.
        for (const client of [0, 1]) result.add(client, 200, 201);
        expect(clocks(listed(other))).toEqual(clocks(b));
        expect(clocks(listed(result))).toEqual(clocks([...a, ...b, [0, 200, 201], [1, 200, 201]]));
      }),
    );
  });

  it('covers a set exactly when every clock of it is there', () => {
    fc.assert(
      fc.property(ranges, ranges, (a, b) => {
        const all = clocks(a);
        expect(added(a).covers(added(b))).toBe([...clocks(b)].every((clock) => all.has(clock)));
        expect(added([...a, ...b]).covers(added(b))).toBe(true);
      }),
    );
  });

  it('knows how far a client goes without a gap', () => {
    const known = added([
      [5, 0, 3],
      [5, 7, 9],
    ]);
    expect(known.contiguous(5)).toBe(3);
    known.add(5, 3, 7);
    expect(known.contiguous(5)).toBe(9);
    expect(added([[5, 1, 3]]).contiguous(5)).toBe(0);
    expect(known.contiguous(6)).toBe(0);
  });

  it('takes a million ranges in the worst order', () => {
    const flat: number[] = [];
    for (let clock = 1_000_000; clock > 0; clock--) flat.push(2 * clock, 2 * clock + 1);
    expect(ClockRanges.of(new Map([[1, flat]])).size).toBe(1_000_000);
  });
});
