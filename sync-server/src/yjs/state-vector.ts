// State vectors in Yjs' v1 encoding: varUint clients, then each: varUint client, varUint clock that is expected next.
import * as encoding from 'lib0/encoding';
import { ByteReader } from './byte-reader.ts';
import type { ClockRanges } from './clock-ranges.ts';

/** Client -> the clock that is expected next. */
export type StateVector = ReadonlyMap<number, number>;

export const EMPTY_STATE_VECTOR: StateVector = new Map();

/** Throws MalformedUpdate. */
export function decodeStateVector(bytes: Uint8Array): StateVector {
  const reader = new ByteReader(bytes);
  const clients = reader.readCount(2);
  const clocks = new Map<number, number>();
  for (let i = 0; i < clients; i++) clocks.set(reader.readVarUint(), reader.readVarUint());
  return clocks;
}

/** What is there of each client without a gap. */
export function encodeStateVector(structs: ClockRanges): Uint8Array {
  const clocks: [number, number][] = [];
  for (const [client] of structs.entries()) {
    const clock = structs.contiguous(client);
    if (clock > 0) clocks.push([client, clock]);
  }
  // The order that Yjs writes, so that equal vectors are equal bytes.
  clocks.sort(([a], [b]) => b - a);
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clocks.length);
  for (const [client, clock] of clocks) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
  }
  return encoding.toUint8Array(encoder);
}
