// A document as the backends hold it, read past every task: all of it, or what would be left if Redis lost everything.
import type { DocumentId } from '@codesync/contract';
import { readDocument, type SnapshotStore, type UpdateLog } from '@codesync/storage';
import { createMemoryUpdateLog } from '@codesync/storage/memory';
import * as Y from 'yjs';

/** With the log: what `logged` promises. */
export function readWarm(document: DocumentId, log: UpdateLog, snapshots: SnapshotStore): Promise<Y.Doc> {
  return read(document, log, snapshots);
}

/** A cold reload from the snapshot's row and object alone: what `durable` promises. */
export function readCold(document: DocumentId, snapshots: SnapshotStore): Promise<Y.Doc> {
  return read(document, createMemoryUpdateLog(), snapshots);
}

async function read(document: DocumentId, log: UpdateLog, snapshots: SnapshotStore): Promise<Y.Doc> {
  const { snapshot, tail } = await readDocument(document, log, snapshots);
  const doc = new Y.Doc();
  if (snapshot !== undefined) Y.applyUpdate(doc, snapshot.state.update);
  for (const update of tail.flatMap((entry) => entry.updates)) Y.applyUpdate(doc, update);
  return doc;
}

/** What of these updates the document does not hold, deletions included (R6); undefined when it holds everything. */
export function missingFrom(doc: Y.Doc, updates: readonly Uint8Array[]): string | undefined {
  if (updates.length === 0) return undefined;
  const merged = Y.mergeUpdates(Array.from(updates));
  if (Y.snapshotContainsUpdate(Y.snapshot(doc), merged)) return undefined;
  const { from, to } = Y.parseUpdateMeta(merged);
  const clocks = Array.from(to, ([client, clock]) => ({ client, clock, first: from.get(client) ?? 0 }))
    .map((range) => ({ ...range, has: Y.getState(doc.store, range.client) }))
    .filter(({ clock, has }) => has < clock)
    .map(({ client, clock, first, has }) => `${has} of ${first} to ${clock} by ${client}`);
  const pending = doc.store.pendingStructs === null ? '' : '; structs wait for what is before them';
  return `${clocks.length === 0 ? 'deletions' : clocks.join(', ')}${pending}`;
}
