// What every adapter of SnapshotCommits does.
import { newDocumentId, newSnapshotId, type DocumentId, type SnapshotId } from '@codesync/contract';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCursor } from '../cursor.ts';
import type { SnapshotCommits, SnapshotRow } from '../snapshot-commits.ts';

export interface OpenedSnapshotCommits {
  readonly commits: SnapshotCommits;
  /** Another instance over the same rows, as another task has it; without it `commits` plays both tasks. */
  readonly other?: SnapshotCommits;
  /** For adapters whose rows belong to a document that has to be there first. */
  readonly newDocument?: () => Promise<DocumentId>;
  readonly close: () => Promise<void>;
}

export function snapshotCommitsContract(name: string, open: () => Promise<OpenedSnapshotCommits>): void {
  describe(`snapshot commits: ${name}`, () => {
    let opened: OpenedSnapshotCommits;
    let commits: SnapshotCommits;
    let other: SnapshotCommits;
    let document: DocumentId;
    const newDocument = async (): Promise<DocumentId> => opened.newDocument?.() ?? newDocumentId();

    beforeEach(async () => {
      opened = await open();
      commits = opened.commits;
      other = opened.other ?? opened.commits;
      document = await newDocument();
    });
    afterEach(() => opened.close());

    /** Commits so many on top of each other, and returns them oldest first. */
    async function commitChain(count: number): Promise<SnapshotRow[]> {
      const rows: SnapshotRow[] = [];
      for (let index = 0; index < count; index++) {
        const row = newRow(index);
        expect(await commits.commit(document, rows.at(-1)?.id, row)).toBe(true);
        rows.push(row);
      }
      return rows;
    }

    it('a document that was never snapshotted has no head and no rows', async () => {
      expect(await commits.head(document)).toBeUndefined();
      expect(await commits.head(newDocumentId())).toBeUndefined();
      expect(await commits.list(document, 10)).toEqual([]);
    });

    it('a committed row is the head on every task, exactly as it was given', async () => {
      const row: SnapshotRow = {
        id: newSnapshotId(),
        cursor: parseCursor('1795180178394-446'),
        bytes: 10_485_760,
        createdAt: Date.UTC(2026, 10, 20, 12, 0, 0, 123),
      };
      expect(await commits.commit(document, undefined, row)).toBe(true);
      expect(await commits.head(document)).toEqual(row);
      expect(await other.head(document)).toEqual(row);
    });

    it('R4: a commit on top of anything but the head is refused and changes nothing', async () => {
      const [first, second] = await commitChain(2);
      const stale: (SnapshotId | undefined)[] = [undefined, first?.id, newSnapshotId()];
      for (const previous of stale) {
        expect(await other.commit(document, previous, newRow(9))).toBe(false);
      }
      expect(await commits.head(document)).toEqual(second);
      expect(await commits.list(document, 10)).toEqual([second, first]);
    });

    it('R4: a commit on top of a head that never was is refused', async () => {
      expect(await commits.commit(document, newSnapshotId(), newRow(1))).toBe(false);
      expect(await commits.head(document)).toBeUndefined();
      expect(await commits.list(document, 10)).toEqual([]);
    });

    it('R4: of commits at the same time on the same head exactly one goes through', async () => {
      const [head] = await commitChain(1);
      const rows = Array.from({ length: 10 }, (_, index) => newRow(index + 1));
      const results = await Promise.all(
        rows.map((row, index) => (index % 2 === 0 ? commits : other).commit(document, head?.id, row)),
      );
      const winners = rows.filter((_, index) => results[index] === true);
      expect(winners).toHaveLength(1);
      expect(await commits.head(document)).toEqual(winners[0]);
      expect(await commits.list(document, 20)).toEqual([winners[0], head]);
    });

    it('rows are listed newest first, in pages', async () => {
      const newestFirst = (await commitChain(5)).toReversed();
      expect(await other.list(document, 10)).toEqual(newestFirst);
      expect(await other.list(document, 2)).toEqual(newestFirst.slice(0, 2));
      expect(await other.list(document, 2, newestFirst[1]?.id)).toEqual(newestFirst.slice(2, 4));
      expect(await other.list(document, 2, newestFirst[3]?.id)).toEqual(newestFirst.slice(4));
      expect(await other.list(document, 2, newestFirst[4]?.id)).toEqual([]);
    });

    it('rows are listed in the order of their commits also when the clock went back between them', async () => {
      const late = { ...newRow(1), createdAt: Date.UTC(2026, 5, 1) };
      const early = { ...newRow(2), createdAt: Date.UTC(2026, 4, 1) };
      await commits.commit(document, undefined, late);
      await commits.commit(document, late.id, early);
      expect(await commits.list(document, 10)).toEqual([early, late]);
    });

    it('documents know nothing of each other', async () => {
      const neighbour = await newDocument();
      const [row] = await commitChain(1);
      expect(await commits.head(neighbour)).toBeUndefined();
      expect(await commits.commit(neighbour, row?.id, newRow(2))).toBe(false);
      expect(await commits.list(neighbour, 10)).toEqual([]);
      await commits.remove(neighbour);
      expect(await commits.head(document)).toEqual(row);
    });

    it('a removed document has no head and no rows, and removing it twice is harmless', async () => {
      await commitChain(3);
      await commits.remove(document);
      await commits.remove(document);
      expect(await other.head(document)).toBeUndefined();
      expect(await other.list(document, 10)).toEqual([]);
    });

    it('R4: whatever two tasks commit in whatever order, the rows are one chain without a lost link', async () => {
      const step = fc.record({ task: fc.constantFrom(0, 1), look: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20, size: 'max' }), async (steps) => {
          const name = await newDocument();
          const seen: (SnapshotId | undefined)[] = [undefined, undefined];
          const chain: SnapshotRow[] = [];
          for (const [index, { task, look }] of steps.entries()) {
            const commitsOfTask = task === 0 ? commits : other;
            if (look) seen[task] = (await commitsOfTask.head(name))?.id;
            const row = newRow(index);
            const expected = seen[task] === chain.at(-1)?.id;
            expect(await commitsOfTask.commit(name, seen[task], row)).toBe(expected);
            if (expected) chain.push(row);
          }
          expect(await commits.list(name, 100)).toEqual(chain.toReversed());
          expect(await commits.head(name)).toEqual(chain.at(-1));
        }),
        { numRuns: 20 },
      );
    });
  });
}

/** The nth snapshot of a document. */
function newRow(n: number): SnapshotRow {
  return {
    id: newSnapshotId(),
    cursor: parseCursor(`${1_000 + n}-${n % 2}`),
    bytes: 100 + n,
    createdAt: Date.UTC(2026, 0, 1) + n * 5_000,
  };
}
