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

/**
 * What of these updates the document lacks, deletions included (R6); undefined when it holds everything. What waits in both for an
 * update that nobody has sent is no loss: authors pass on what they have of each other, also what they cannot read.
 */
export function missingFrom(doc: Y.Doc, updates: readonly Uint8Array[]): string | undefined {
  const whole = new Y.Doc();
  for (const update of [Y.encodeStateAsUpdate(doc), ...updates]) Y.applyUpdate(whole, update);
  const [had, has] = [Y.snapshot(doc), Y.snapshot(whole)];
  const clocks = Array.from(has.sv)
    .filter(([client, clock]) => (had.sv.get(client) ?? 0) < clock)
    .map(([client, clock]) => `${had.sv.get(client) ?? 0} of ${clock} by ${client}`);
  if (clocks.length > 0) return clocks.join(', ');
  if (!Y.equalDeleteSets(had.ds, has.ds)) return 'all but some deletions';
  return waiting(doc) === waiting(whole) ? undefined : 'all but some of what waits for other updates';
}

/** What Yjs keeps of updates that came before what they refer to. */
function waiting({ store: { pendingStructs, pendingDs } }: Y.Doc): string {
  const structs = pendingStructs === null ? [] : Y.decodeUpdateV2(pendingStructs.update).structs;
  const deletions = pendingDs === null ? [] : Array.from(Y.decodeUpdateV2(pendingDs).ds.clients);
  return JSON.stringify([
    together(
      structs
        .filter((struct) => !(struct instanceof Y.Skip))
        .map(({ id: { client, clock }, length }) => ({ client, from: clock, to: clock + length })),
    ),
    together(
      deletions.flatMap(([client, items]) => items.map(({ clock, len }) => ({ client, from: clock, to: clock + len }))),
    ),
  ]);
}

interface Range {
  readonly client: number;
  readonly from: number;
  readonly to: number;
}

/** The same ranges however they were cut into pieces. */
function together(ranges: readonly Range[]): Range[] {
  const whole: Range[] = [];
  for (const range of ranges.toSorted((a, b) => a.client - b.client || a.from - b.from)) {
    const last = whole.at(-1);
    if (last?.client !== range.client || last.to < range.from) whole.push(range);
    else whole[whole.length - 1] = { ...last, to: Math.max(last.to, range.to) };
  }
  return whole;
}
