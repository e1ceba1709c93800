// The worker thread's side of merging: one job in, one merged state out. Run as it is by Node's type stripping.
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { decodeJob } from './merge-job.ts';
import { mergeDocument, type Merged } from './yjs/merge.ts';

export function mergeJob(job: Uint8Array): unknown {
  const merged = mergeDocument(undefined, decodeJob(job));
  return move(movable(merged));
}

/** What Yjs encoded owns its buffers: they change hands instead of being copied. */
function movable(merged: Merged) {
  const { stateVector, deleteSet, update } = merged.state;
  const views = [stateVector, deleteSet, update, ...(merged.lineEnds === undefined ? [] : [merged.lineEnds])];
  return { [valueSymbol]: merged, [transferableSymbol]: [...new Set(views.map((view) => view.buffer as ArrayBuffer))] };
}
