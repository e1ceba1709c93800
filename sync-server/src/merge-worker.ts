// The worker thread's side of merging: one job in, one merged state out. Run as it is by Node's type stripping.
import { constants, getPriority, setPriority } from 'node:os';
import { platform } from 'node:process';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { updatesOf, type MergeJob } from './merge-job.ts';
import { mergeDocument, type Merged } from './yjs/merge.ts';

/** In steps of niceness: a tenth of the time of others who want it, too. */
const BEHIND = 10;

// Where cores are few the relay goes first: keystrokes wait for it, and nobody waits for a merge. Linux takes this for the calling
// thread; elsewhere it would slow down all of the process.
if (platform === 'linux') setPriority(Math.min(getPriority() + BEHIND, constants.priority.PRIORITY_LOW));

export function mergeJob(job: MergeJob): unknown {
  const merged = mergeDocument(job.previous && { update: job.previous }, updatesOf(job));
  return move(movable(merged));
}

/** They own their buffers, which change hands instead of being copied. */
function movable(merged: Merged) {
  const views = [merged.state.encoded, ...(merged.lineEnds === undefined ? [] : [merged.lineEnds])];
  return { [valueSymbol]: merged, [transferableSymbol]: views.map((view) => view.buffer as ArrayBuffer) };
}
