// Delete sets in Yjs' v1 encoding: varUint clients, then each: varUint client, varUint ranges, then each: varUint clock, varUint length.
import * as encoding from 'lib0/encoding';
import { ByteReader } from './byte-reader.ts';
import { ClockRanges } from './clock-ranges.ts';
import { MalformedUpdate } from './malformed-update.ts';

const NONE: ReadonlyMap<number, number[]> = new Map();

/** Throws MalformedUpdate. */
export function readDeleteSet(reader: ByteReader): ClockRanges {
  const clients = reader.readCount(2);
  if (clients === 0) return ClockRanges.of(NONE);
  const pairs = new Map<number, number[]>();
  for (let i = 0; i < clients; i++) {
    const client = reader.readVarUint();
    const count = reader.readCount(2);
    const flat = pairs.get(client) ?? [];
    pairs.set(client, flat);
    for (let j = 0; j < count; j++) {
      const from = reader.readVarUint();
      const length = reader.readVarUint();
      const to = from + length;
      // Yjs cannot keep an empty range that waits for its structs: encoding it throws.
      if (length === 0) throw new MalformedUpdate('a delete is empty');
      if (to > Number.MAX_SAFE_INTEGER) throw new MalformedUpdate('a clock is out of range');
      flat.push(from, to);
    }
  }
  return ClockRanges.of(pairs);
}

export function decodeDeleteSet(bytes: Uint8Array): ClockRanges {
  return readDeleteSet(new ByteReader(bytes));
}

export function encodeDeleteSet(ranges: ClockRanges): Uint8Array {
  const encoder = encoding.createEncoder();
  // The order that Yjs writes, so that equal sets are equal bytes.
  const clients = [...ranges.entries()].toSorted(([a], [b]) => b - a);
  encoding.writeVarUint(encoder, clients.length);
  for (const [client, flat] of clients) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, flat.length / 2);
    flat.forEach((clock, i) => encoding.writeVarUint(encoder, i % 2 === 0 ? clock : clock - (flat[i - 1] ?? 0)));
  }
  return encoding.toUint8Array(encoder);
}
