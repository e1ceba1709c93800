import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCursors, parseCursor, START } from './cursor.ts';

const part = fc.nat({ max: 999_999_999_999_999 });

describe('cursors', () => {
  it.each(['0-0', '1-0', '1795180178394-446', '999999999999999-999999999999999'])('%s is a cursor', (text) => {
    expect(parseCursor(text)).toBe(text);
  });

  it.each([
    '',
    '-',
    '1',
    '1-',
    '-1',
    '1-2-3',
    ' 1-2',
    '1-2\n',
    '1.0-2',
    '0x1-2',
    '١-٢',
    '01-2',
    '1-00',
    '1000000000000000-0',
  ])('R3: %j is not a cursor: damaged positions stop a reader', (text) => {
    expect(() => parseCursor(text)).toThrow('not a cursor');
  });

  it('START is a cursor and comes before every other one', () => {
    expect(parseCursor(START)).toBe(START);
    fc.assert(
      fc.property(part, part, (major, minor) => {
        const order = compareCursors(START, parseCursor(`${major}-${minor}`));
        expect(Math.sign(order)).toBe(major === 0 && minor === 0 ? 0 : -1);
      }),
    );
  });

  it('cursors are ordered by number, not by text, the major part first', () => {
    const sorted = ['0-1', '0-2', '0-10', '1-0', '9-99', '10-0', '10-1', '1795180178394-0', '1795180178394-10'].map(
      parseCursor,
    );
    expect(sorted.toReversed().toSorted(compareCursors)).toEqual(sorted);
  });

  it('the order is that of the pair of numbers, and cursors are the same when their texts are', () => {
    fc.assert(
      fc.property(part, part, part, part, (aMajor, aMinor, bMajor, bMinor) => {
        const [a, b] = [parseCursor(`${aMajor}-${aMinor}`), parseCursor(`${bMajor}-${bMinor}`)];
        const expected = aMajor === bMajor ? Math.sign(aMinor - bMinor) : Math.sign(aMajor - bMajor);
        expect(Math.sign(compareCursors(a, b))).toBe(expected);
        expect(compareCursors(a, b) === 0).toBe(a === b);
      }),
    );
  });
});
