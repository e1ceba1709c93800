// The worker thread's side of merging: one job in, one merged state out. Run as it is by Node's type stripping.
import { constants, setPriority } from 'node:os';
import { platform } from 'node:process';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { updatesOf, type MergeJob } from './merge-job.ts';
import { mergeDocument, type Merged } from './yjs/merge.ts';

// Where cores are few the relay goes first: keystrokes wait for it, and nobody waits for a merge. Linux takes this for the calling
// thread; elsewhere it would slow down all of the process.
if (platform === 'linux') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

export function mergeJob(job: MergeJob): unknown {
  const merged = mergeDocument(job.previous && { update: job.previous }, updatesOf(job));
  return move(movable(merged));
}

/** They own their buffers, which change hands instead of being copied. */
function movable(merged: Merged) {
  const views = [merged.state.encoded, ...(merged.lineEnds === undefined ? [] : [merged.lineEnds])];
  return { [valueSymbol]: merged, [transferableSymbol]: views.map((view) => view.buffer as ArrayBuffer) };
}
