// Puts updates together, without what a peer has already, as updates of bounded size, one at a time. Copies no text; builds no Y.Doc.
import { ClockRanges } from './clock-ranges.ts';
import { PieceWriter } from './piece-writer.ts';
import { EMPTY_STATE_VECTOR, type StateVector } from './state-vector.ts';
import { StructReader } from './struct-reader.ts';
import { StructSlicer } from './struct-slicer.ts';
import type { UpdateParts } from './update-parts.ts';
import { findRuns, type Run, type UpdateRuns } from './update-runs.ts';

/**
 * Updates of at most `maxBytes` each which, applied in order by a peer with state vector `after`, do what the given updates do. Only
 * a single value of a shared array or map, or an embed, that is larger by itself makes a larger one. All deletes are included: a state
 * vector does not tell which of them the peer has (R6). Each is made when it is asked for: a large document takes the time of many
 * keystrokes, and a reader that is slow to take the next one holds nothing but what all have.
 */
export function* composeUpdates(
  updates: readonly UpdateRuns[],
  after: StateVector,
  maxBytes: number,
): Generator<UpdateParts, void> {
  const writer = new PieceWriter(maxBytes);
  for (const [client, runs] of byClient(updates)) yield* writeRuns(writer, runs, after.get(client) ?? 0);
  yield* writer.finish(deletesOf(updates));
}

/** Pieces of at most `maxBytes` each, which applied in order do what the update does (R18). Throws MalformedUpdate. */
export function splitUpdate(update: Uint8Array, maxBytes: number): readonly UpdateParts[] {
  if (update.length <= maxBytes) return [[update]];
  return [...composeUpdates([findRuns(update)], EMPTY_STATE_VECTOR, maxBytes)];
}

function deletesOf(updates: readonly UpdateRuns[]): ClockRanges {
  const [only] = updates;
  if (updates.length === 1 && only !== undefined) return only.deletes;
  const deletes = new ClockRanges();
  for (const update of updates) deletes.addAll(update.deletes);
  return deletes;
}

/** Clients descending, as Yjs writes them; their runs by clock. */
function byClient(updates: readonly UpdateRuns[]): readonly (readonly [number, readonly Run[]])[] {
  const clients = new Map<number, Run[]>();
  for (const { runs } of updates) {
    for (const run of runs) {
      const all = clients.get(run.client);
      if (all === undefined) clients.set(run.client, [run]);
      else all.push(run);
    }
  }
  for (const runs of clients.values()) runs.sort((a, b) => a.from - b.from);
  return [...clients].toSorted(([a], [b]) => b - a);
}

/** Runs of one client by clock; where they overlap, the first one's structs count. */
function* writeRuns(writer: PieceWriter, runs: readonly Run[], after: number): Generator<UpdateParts, void> {
  let reached = after;
  for (const run of runs) {
    if (run.to <= reached) continue;
    const { client, from, to, count } = run;
    if (from >= reached && run.end - run.start <= writer.room) {
      writer.write(client, from, to, count, run.update.subarray(run.start, run.end));
    } else {
      yield* writeStructs(writer, run, reached);
    }
    reached = to;
  }
}

function* writeStructs(writer: PieceWriter, run: Run, reached: number): Generator<UpdateParts, void> {
  const structs = StructReader.within(run);
  while (structs.next()) {
    const to = structs.clock + structs.length;
    if (to <= reached) continue;
    const from = Math.max(structs.clock, reached);
    const bytes = run.update.subarray(structs.start, structs.end);
    if (from > structs.clock || bytes.length > writer.capacity) {
      yield* writeSlices(writer, structs, from);
    } else {
      if (bytes.length > writer.room) yield* writer.cut();
      writer.write(run.client, from, to, 1, bytes);
    }
  }
}

function* writeSlices(writer: PieceWriter, structs: StructReader, from: number): Generator<UpdateParts, void> {
  const slicer = new StructSlicer(structs, from - structs.clock);
  let clock = from;
  while (!slicer.done) {
    const slice = slicer.take(writer.room, writer.isPieceEmpty);
    if (slice === undefined) {
      yield* writer.cut();
      continue;
    }
    writer.write(structs.client, clock, clock + slice.length, 1, ...slice.parts);
    clock += slice.length;
  }
}
