// Snapshot rows in memory, for tests.
import type { DocumentId } from '@codesync/contract';
import { firstThinning } from '../retention.ts';
import type { SnapshotCommits, SnapshotRow } from '../snapshot-commits.ts';
import { createOutage, type Outage } from './outage.ts';

export type MemorySnapshotCommits = SnapshotCommits & Outage;

export function createMemorySnapshotCommits(): MemorySnapshotCommits {
  /** Oldest first. */
  const rows = new Map<DocumentId, SnapshotRow[]>();
  const thinAt = new Map<DocumentId, number>();
  const { outage, assertUp } = createOutage();

  return {
    async head(document) {
      assertUp();
      return rows.get(document)?.at(-1);
    },
    async commit(document, previous, row) {
      assertUp();
      const committed = rows.get(document) ?? [];
      if (committed.at(-1)?.id !== previous) return false;
      rows.set(document, [...committed, { ...row }]);
      thinAt.set(document, Math.min(thinAt.get(document) ?? Infinity, firstThinning(row.createdAt)));
      return true;
    },
    async list(document, limit, before) {
      assertUp();
      const newestFirst = (rows.get(document) ?? []).toReversed();
      if (before === undefined) return newestFirst.slice(0, limit);
      const place = newestFirst.findIndex((row) => row.id === before);
      return place === -1 ? [] : newestFirst.slice(place + 1, place + 1 + limit);
    },
    async *thinnable(now) {
      assertUp();
      const due = Array.from(thinAt).filter(([, at]) => at <= now);
      for (const [document] of due.toSorted(([, a], [, b]) => a - b)) yield document;
    },
    async prune(document, ids) {
      assertUp();
      const known = rows.get(document) ?? [];
      const head = known.at(-1);
      const pruned = known.filter((row) => ids.includes(row.id) && row !== head && row.name === undefined);
      rows.set(
        document,
        known.filter((row) => !pruned.includes(row)),
      );
      return pruned.map(({ id }) => id);
    },
    async thinAgain(document, head, at) {
      assertUp();
      if (rows.get(document)?.at(-1)?.id !== head) return;
      if (at === undefined) thinAt.delete(document);
      else thinAt.set(document, at);
    },
    async remove(document) {
      assertUp();
      rows.delete(document);
      thinAt.delete(document);
    },
    ...outage,
  };
}
