// What an update touches, read from its bytes without building a Y.Doc: the judgement at the door and the relay's only look at an edit.
//
// What it accepts makes Y.applyUpdate throw only for reasons that lie in the document and not in these bytes, such as a client id
// that two people used for different edits; the snapshotter's quarantine is for those (R19).
import { ClockRanges } from './clock-ranges.ts';
import { readDeleteSet } from './delete-set.ts';
import { CONTENT, StructReader } from './struct-reader.ts';

export { MalformedUpdate } from './malformed-update.ts';

export interface UpdateSummary {
  /** Clocks of the structs that it brings; its skips are gaps. */
  readonly structs: ClockRanges;
  /** Clocks that it deletes. */
  readonly deletes: ClockRanges;
  /** Text that it inserts holds a \r (R21). */
  readonly carriageReturns: boolean;
  /** Neither structs nor deletes: applying it changes nothing. */
  readonly empty: boolean;
}

/** Whether it refers to structs that are neither in it nor known without a gap: where its text belongs nobody can tell before they come. */
export function refersBeyond(update: Uint8Array, known: ClockRanges): boolean {
  const structs = new StructReader(update);
  const referred = new ClockRanges();
  const brought = new ClockRanges();
  structs.referred = (client, clock) => {
    if (clock >= known.contiguous(client)) referred.add(client, clock, clock + 1);
  };
  while (structs.next()) {
    if (structs.content !== CONTENT.skip) brought.add(structs.client, structs.clock, structs.clock + structs.length);
  }
  return !brought.covers(referred);
}

/**
 * Total: any bytes give a summary or MalformedUpdate, in time and memory in proportion to their number. Bytes after the update are
 * ignored.
 */
export function summarize(update: Uint8Array): UpdateSummary {
  const structs = new StructReader(update);
  const pairs = new Map<number, number[]>();
  let flat: number[] = [];
  let client = -1;
  while (structs.next()) {
    if (structs.content === CONTENT.skip) continue;
    const last = flat.length - 1;
    if (structs.client !== client) {
      client = structs.client;
      flat = [structs.clock, structs.clock + structs.length];
      pairs.set(client, flat);
    } else if (flat[last] === structs.clock) flat[last] += structs.length;
    else flat.push(structs.clock, structs.clock + structs.length);
  }
  const known = ClockRanges.of(pairs);
  const deletes = readDeleteSet(structs.reader);
  return {
    structs: known,
    deletes,
    carriageReturns: structs.carriageReturns,
    empty: known.isEmpty && deletes.isEmpty,
  };
}
