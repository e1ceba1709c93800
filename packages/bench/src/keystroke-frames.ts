// Frames as a stock client sends them while someone types: one document update for each character.
import { MESSAGE, SYNC } from '@codesync/contract';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';

export function keystrokeFrames(count: number): Uint8Array[] {
  const doc = new Y.Doc();
  const frames: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => frames.push(updateFrame(update)));
  const text = doc.getText('content');
  for (let index = 0; index < count; index++) text.insert(index, 'x');
  return frames;
}

function updateFrame(update: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.sync);
  encoding.writeVarUint(encoder, SYNC.update);
  encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}

export function isUpdateFrame(data: Uint8Array): boolean {
  return data[0] === MESSAGE.sync && data[1] === SYNC.update;
}

/** For each client the clock that an update frame reaches to. */
export function clocksOf(frame: Uint8Array): ReadonlyMap<number, number> {
  const decoder = decoding.createDecoder(frame);
  decoding.readVarUint(decoder);
  decoding.readVarUint(decoder);
  return Y.parseUpdateMeta(decoding.readVarUint8Array(decoder)).to;
}
