// One snapshot of one document: log and store are read, merged off-thread, committed, and only then is the log trimmed.
import type { DocumentId } from '@codesync/contract';
import {
  readDocument,
  START,
  type Logger,
  type Notices,
  type SnapshotReach,
  type SnapshotStore,
  type UpdateLog,
} from '@codesync/storage';
import type { Merged, Merger } from './merger.ts';

/** The updates in the log, on top of the snapshot, cannot be merged: a reason that lies in the document (R19). */
export class MergeFailed extends Error {
  constructor(document: DocumentId, cause: unknown) {
    super(`document ${document} cannot be merged`, { cause });
    this.name = 'MergeFailed';
  }
}

export interface SnapshotJobDeps {
  readonly log: UpdateLog;
  readonly snapshots: SnapshotStore;
  readonly notices: Notices;
  readonly merger: Merger;
  readonly logger: Logger;
}

/**
 * saved: what the log held is committed, by us or by someone else. gone: the commit is refused although nobody else committed, so the
 * document's row is not there any more. Its log is left alone: whoever deletes a document removes its log, and a
 * snapshotter that guessed wrong would have destroyed the only copy.
 */
export type SnapshotOutcome = 'saved' | 'gone';

/** How often another task may commit first within one job. */
const ATTEMPTS = 10;

export async function snapshotDocument(document: DocumentId, deps: SnapshotJobDeps): Promise<SnapshotOutcome> {
  const { log, snapshots } = deps;
  // Often another task was here before, and that is not worth a snapshot's way from the store. What is trimmed was committed (R3).
  const { entries } = await log.read(document, START, 1);
  if (entries.length === 0) return 'saved';
  let again = false;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { snapshot, tail, cursor } = await readDocument(document, log, snapshots);
    if (tail.length === 0) {
      // Whoever committed it may have died before this. (A tail that holds nothing new, because the log lost where the snapshot
      // ends, is merged and committed as any other: only then may it be trimmed, R7.)
      const reach = await snapshots.reach(document);
      if (reach !== undefined) await conclude(document, reach, deps);
      return 'saved';
    }
    const updates = tail.flatMap((entry) => entry.updates);
    const merged = await merge(document, deps.merger, snapshot?.state, updates);
    const committed = await snapshots.save(document, snapshot?.id, cursor, merged.state);
    if (committed !== undefined) {
      const edited = merged.lineEnds !== undefined && (await logLineEnds(document, merged.lineEnds, deps));
      await conclude(document, { cursor: committed.cursor, previous: snapshot?.cursor }, deps);
      // Only one round more: under a stream of carriage returns the snapshot must come to its end, too.
      if (!edited || again) return 'saved';
      again = true;
      continue;
    }
    // Refused: merge again, on top of the winner (R4).
    const winner = await snapshots.head(document);
    if (winner?.id === snapshot?.id) return 'gone';
  }
  throw new Error(`document ${document} was committed by others ${ATTEMPTS} times in a row`);
}

async function merge(
  document: DocumentId,
  merger: Merger,
  ...[previous, updates]: Parameters<Merger['merge']>
): Promise<Merged> {
  try {
    return await merger.merge(previous, updates);
  } catch (cause) {
    throw new MergeFailed(document, cause);
  }
}

/**
 * Like anyone's edit: from the log everyone hears it, and the next snapshot has it (R21). Only behind a commit: that proves that the
 * document is there, and that it was not another task's turn to write this. A log that is full does not keep the snapshot waiting:
 * the trim is what makes room (R8), and what is left of the carriage returns goes with the next edit.
 */
async function logLineEnds(document: DocumentId, lineEnds: Uint8Array, deps: SnapshotJobDeps): Promise<boolean> {
  try {
    await deps.log.append(document, [lineEnds]);
    return true;
  } catch (error) {
    deps.logger.warn({ document, error }, 'carriage returns could not be taken out');
    return false;
  }
}

/** A snapshot is committed. */
async function conclude(document: DocumentId, reach: SnapshotReach, deps: SnapshotJobDeps): Promise<void> {
  try {
    await deps.notices.publish({ kind: 'saved', document, ...reach });
  } catch (error) {
    // A hint: who misses it hears the next one.
    deps.logger.warn({ document, error }, 'a saved snapshot could not be announced');
  }
  await deps.log.trim(document, reach.cursor);
}
