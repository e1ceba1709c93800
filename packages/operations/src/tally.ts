// What became of the lists, in numbers and in words.
import type { Outcome } from './import-list.ts';

export interface Tally {
  /** Something went wrong with some of them. */
  readonly incomplete: boolean;
  count(kind: Outcome['kind'] | 'skipped'): void;
  /** `12 lists: 10 imported, 1 updated, 0 already there, 1 skipped` */
  toString(): string;
}

export function createTally(): Tally {
  const counts = { imported: 0, updated: 0, there: 0, skipped: 0 };
  return {
    get incomplete() {
      return counts.skipped > 0;
    },
    count(kind) {
      counts[kind]++;
    },
    toString() {
      const { imported, updated, there, skipped } = counts;
      const lists = imported + updated + there + skipped;
      return `${lists} ${lists === 1 ? 'list' : 'lists'}: ${imported} imported, ${updated} updated, ${there} already there, ${skipped} skipped`;
    },
  };
}
