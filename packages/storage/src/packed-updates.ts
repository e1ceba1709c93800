// Several updates in one piece of bytes, each as a varUint8Array.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** One copy, made while the caller's buffers still stand. */
export function packUpdates(updates: readonly Uint8Array[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const update of updates) encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}

/** Views, not copies. Throws on anything that `packUpdates` did not write. */
export function unpackUpdates(bytes: Uint8Array): readonly Uint8Array[] {
  const decoder = decoding.createDecoder(bytes);
  const updates: Uint8Array[] = [];
  while (decoding.hasContent(decoder)) {
    updates.push(decoding.readVarUint8Array(decoder));
    // lib0 reads on beyond the view, into what else its buffer holds: another document's, perhaps.
    if (decoder.pos > bytes.byteLength) throw new Error('packed updates end in the middle of one');
  }
  return updates;
}
