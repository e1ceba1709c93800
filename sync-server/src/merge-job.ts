// What goes to a merge worker: updates in one buffer that can be transferred. Cloning a view would clone all of the buffer it looks into.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** The result owns its buffer. */
export function encodeJob(updates: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, updates.length);
  for (const update of updates) encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}

/** Views into the job's buffer. */
export function decodeJob(job: Uint8Array): Uint8Array[] {
  const decoder = decoding.createDecoder(job);
  return Array.from({ length: decoding.readVarUint(decoder) }, () => decoding.readVarUint8Array(decoder));
}
