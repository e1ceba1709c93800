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

    async function isThinnable(now: number): Promise<boolean> {
      const found: DocumentId[] = [];
      for await (const name of other.thinnable(now)) found.push(name);
      return found.includes(document);
    }

    it('a document that was never snapshotted has no head and no rows', async () => {
      expect(await commits.head(document)).toBeUndefined();
      expect(await commits.head(newDocumentId())).toBeUndefined();
      expect(await commits.list(document, 10)).toEqual([]);
      expect(await commits.prune(document, [newSnapshotId()])).toEqual([]);
      expect(await isThinnable(Date.now())).toBe(false);
    });

    it('a committed row is the head on every task, exactly as it was given', async () => {
      const row: SnapshotRow = {
        id: newSnapshotId(),
        cursor: parseCursor('1795180178394-446'),
        bytes: 10_485_760,
        createdAt: Date.UTC(2026, 10, 20, 12, 0, 0, 123),
        name: 'before the rewrite, 100 % “done”',
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

    it('prune deletes what it is given and answers it, on every task, and the rest stays in its order', async () => {
      const rows = await commitChain(6);
      const [first, second, third, fourth, ...later] = rows;
      const given = [fourth, first, second].flatMap((row) => row?.id ?? []);
      expect((await other.prune(document, given)).toSorted()).toEqual(given.toSorted());
      expect(await commits.list(document, 10)).toEqual([...later.toReversed(), third]);
      expect(await commits.list(document, 10, later[0]?.id)).toEqual([third]);
      expect(await commits.prune(document, given)).toEqual([]);
      expect(await commits.prune(document, [])).toEqual([]);
    });

    it('R3: prune never deletes the head, what has a name, or what is another document’s', async () => {
      const rows = await commitChain(2);
      const named: SnapshotRow = { ...newRow(2), name: 'kept' };
      await commits.commit(document, rows[1]?.id, named);
      const head = newRow(3);
      await commits.commit(document, named.id, head);
      const neighbour = await newDocument();
      const next = [newRow(4), newRow(5)] as const;
      await commits.commit(neighbour, undefined, next[0]);
      await commits.commit(neighbour, next[0].id, next[1]);

      const all = [...rows, named, head, ...next].map(({ id }) => id);
      const pruned = await commits.prune(document, [...all, newSnapshotId()]);
      expect(pruned.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
      expect(await commits.list(document, 10)).toEqual([head, named]);
      expect(await commits.head(document)).toEqual(head);
      expect(await commits.list(neighbour, 10)).toEqual([next[1], next[0]]);
    });

    it('R4: of a commit and a prune at the same time neither takes anything from the other', async () => {
      let rows = await commitChain(2);
      for (let round = 2; round < 12; round++) {
        const row = newRow(round);
        const [committed] = await Promise.all([
          commits.commit(document, rows.at(-1)?.id, row),
          other.prune(
            document,
            rows.map(({ id }) => id),
          ),
        ]);
        expect(committed).toBe(true);
        expect(await commits.head(document)).toEqual(row);
        rows = [...(await commits.list(document, 10))].toReversed();
        expect(rows.at(-1)).toEqual(row);
      }
    });

    it('a document is thinnable an hour after it was committed to, and not again before its next commit', async () => {
      const [first] = await commitChain(1);
      const hour = 3_600_000;
      const from = (row: SnapshotRow | undefined) => (row?.createdAt ?? 0) + hour;
      expect(await isThinnable(from(first) - 1)).toBe(false);
      expect(await isThinnable(from(first))).toBe(true);
      await other.thinAgain(document, first?.id, undefined);
      expect(await isThinnable(from(first) + 1_000 * hour)).toBe(false);

      const second = { ...newRow(1), createdAt: from(first) + hour };
      await commits.commit(document, first?.id, second);
      expect(await isThinnable(from(second) - 1)).toBe(false);
      expect(await isThinnable(from(second))).toBe(true);
    });

    it('a document is thinnable again when it was said, or sooner when a commit asks for it', async () => {
      const [head] = await commitChain(1);
      const day = 24 * 3_600_000;
      await commits.thinAgain(document, head?.id, START_OF_TIME + 3 * day);
      expect(await isThinnable(START_OF_TIME + 3 * day - 1)).toBe(false);
      expect(await isThinnable(START_OF_TIME + 3 * day)).toBe(true);
      await commits.commit(document, head?.id, { ...newRow(1), createdAt: START_OF_TIME + day });
      expect(await isThinnable(START_OF_TIME + 2 * day)).toBe(true);
    });

    it('who thinned while someone committed does not make that commit forgotten', async () => {
      const [seen, head] = await commitChain(2);
      for (const stale of [undefined, seen?.id, newSnapshotId()]) await commits.thinAgain(document, stale, undefined);
      expect(await isThinnable(START_OF_TIME + 2 * 3_600_000)).toBe(true);
      await commits.thinAgain(document, head?.id, undefined);
      expect(await isThinnable(START_OF_TIME + 2 * 3_600_000)).toBe(false);
    });

    it('thinnable documents come each once, those that wait longest first, also when some stay thinnable', async () => {
      const count = 120;
      const names = await Promise.all(Array.from({ length: count }, newDocument));
      for (const [index, name] of names.entries()) {
        await commits.commit(name, undefined, { ...newRow(1), createdAt: START_OF_TIME - index * 1_000 });
      }
      const found: DocumentId[] = [];
      for await (const name of commits.thinnable(START_OF_TIME + 3_600_000)) {
        if (!names.includes(name)) continue;
        found.push(name);
        // Every other one fails to be thinned.
        const head = await commits.head(name);
        if (found.length % 2 === 0) await commits.thinAgain(name, head?.id, undefined);
      }
      expect(found).toEqual(names.toReversed());
    });

    it('a removed document has no head and no rows, and removing it twice is harmless', async () => {
      await commitChain(3);
      await commits.remove(document);
      await commits.remove(document);
      expect(await other.head(document)).toBeUndefined();
      expect(await other.list(document, 10)).toEqual([]);
      expect(await isThinnable(START_OF_TIME + 1_000 * 24 * 3_600_000)).toBe(false);
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

const START_OF_TIME = Date.UTC(2026, 0, 1);

/** The nth snapshot of a document. */
function newRow(n: number): SnapshotRow {
  return {
    id: newSnapshotId(),
    cursor: parseCursor(`${1_000 + n}-${n % 2}`),
    bytes: 100 + n,
    createdAt: START_OF_TIME + n * 5_000,
  };
}
