// Numbers in lib0's variable length encoding, one after the other.
import * as encoding from 'lib0/encoding';

export function varUints(...numbers: readonly number[]): Uint8Array {
  const encoder = encoding.createEncoder();
  for (const number of numbers) encoding.writeVarUint(encoder, number);
  return encoding.toUint8Array(encoder);
}
