// Snapshot rows in memory, for tests.
import type { DocumentId } from '@codesync/contract';
import type { SnapshotCommits, SnapshotRow } from '../snapshot-commits.ts';
import { createOutage, type Outage } from './outage.ts';

export type MemorySnapshotCommits = SnapshotCommits & Outage;

export function createMemorySnapshotCommits(): MemorySnapshotCommits {
  /** Oldest first. */
  const rows = new Map<DocumentId, SnapshotRow[]>();
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
      return true;
    },
    async list(document, limit, before) {
      assertUp();
      const newestFirst = (rows.get(document) ?? []).toReversed();
      if (before === undefined) return newestFirst.slice(0, limit);
      const place = newestFirst.findIndex((row) => row.id === before);
      return place === -1 ? [] : newestFirst.slice(place + 1, place + 1 + limit);
    },
    async remove(document) {
      assertUp();
      rows.delete(document);
    },
    ...outage,
  };
}
