// Where in an update's bytes the structs of each client lie, so that they can be copied without being read again.
import { ClockRanges } from './clock-ranges.ts';
import { readDeleteSet } from './delete-set.ts';
import { CONTENT, StructReader } from './struct-reader.ts';

/** Structs of one client whose clocks follow each other. */
export interface Run {
  readonly update: Uint8Array;
  readonly client: number;
  /** Clocks, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  /** Byte offsets into the update, `end` exclusive. */
  readonly start: number;
  readonly end: number;
  /** Number of structs. */
  readonly count: number;
}

/** Of a run, unless one struct is larger: a reader that has some of a client's structs is found its place in no more bytes than these. */
const RUN_BYTES = 64 * 1024;

export interface UpdateRuns {
  readonly update: Uint8Array;
  readonly runs: readonly Run[];
  readonly deletes: ClockRanges;
}

/** Throws MalformedUpdate. */
export function findRuns(update: Uint8Array): UpdateRuns {
  const structs = new StructReader(update);
  const runs: Run[] = [];
  let first: { client: number; from: number; start: number; count: number } | undefined;
  let to = 0;
  let end = 0;
  const close = () => {
    if (first !== undefined) runs.push({ update, ...first, to, end });
    first = undefined;
  };
  while (structs.next()) {
    const isSkip = structs.content === CONTENT.skip;
    if (first !== undefined && (isSkip || first.client !== structs.client || structs.end - first.start > RUN_BYTES))
      close();
    if (isSkip) continue;
    first ??= { client: structs.client, from: structs.clock, start: structs.start, count: 0 };
    first.count++;
    to = structs.clock + structs.length;
    end = structs.end;
  }
  close();
  return { update, runs, deletes: readDeleteSet(structs.reader) };
}

/** The clocks of the structs. */
export function clocksOf(runs: readonly Run[]): ClockRanges {
  const pairs = new Map<number, number[]>();
  for (const { client, from, to } of runs) {
    const flat = pairs.get(client);
    if (flat === undefined) pairs.set(client, [from, to]);
    else flat.push(from, to);
  }
  return ClockRanges.of(pairs);
}
