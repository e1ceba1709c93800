// The merged state of a document as bytes, with the two summaries that let a relay answer joins without building a Y.Doc.
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

export interface DocumentState {
  /** Yjs state vector, v1. Says nothing about deletions (R6). */
  readonly stateVector: Uint8Array;
  /** Yjs delete set, v1: what has been deleted up to here. */
  readonly deleteSet: Uint8Array;
  /** The whole document as one Yjs update, v1; pending structs included. */
  readonly update: Uint8Array;
}

/** Says which layout follows, so that a later one can be told apart. */
const LAYOUT = 1;

export function encodeState(state: DocumentState): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, LAYOUT);
  encoding.writeVarUint8Array(encoder, state.stateVector);
  encoding.writeVarUint8Array(encoder, state.deleteSet);
  encoding.writeVarUint(encoder, state.update.byteLength);
  // Copied once: of a large document each copy takes as long as many keystrokes.
  return Buffer.concat([encoding.toUint8Array(encoder), state.update]);
}

/** Throws on anything that `encodeState` did not write. */
export function decodeState(bytes: Uint8Array): DocumentState {
  const decoder = decoding.createDecoder(bytes);
  const layout = decoding.readVarUint(decoder);
  if (layout !== LAYOUT) throw new Error(`unknown snapshot layout ${layout}`);
  const stateVector = decoding.readVarUint8Array(decoder);
  const deleteSet = decoding.readVarUint8Array(decoder);
  const update = decoding.readVarUint8Array(decoder);
  if (decoding.hasContent(decoder)) throw new Error('bytes after the end of a snapshot');
  return { stateVector, deleteSet, update };
}
