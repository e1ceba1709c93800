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
  /**
   * All of it as it is stored. The others are views into its buffer: of a large document each copy takes as long as many keystrokes,
   * so from the thread that merged it to the store it is handed on as it is.
   */
  readonly encoded: Uint8Array;
}

/** Says which layout follows, so that a later one can be told apart. */
const LAYOUT = 1;

/** Its buffer is its own. */
export function encodeState(parts: Omit<DocumentState, 'encoded'>): DocumentState {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, LAYOUT);
  encoding.writeVarUint8Array(encoder, parts.stateVector);
  encoding.writeVarUint8Array(encoder, parts.deleteSet);
  encoding.writeVarUint(encoder, parts.update.byteLength);
  const head = encoding.toUint8Array(encoder);
  const encoded = new Uint8Array(head.byteLength + parts.update.byteLength);
  encoded.set(head);
  encoded.set(parts.update, head.byteLength);
  return decodeState(encoded);
}

/** Throws on anything that `encodeState` did not write. */
export function decodeState(encoded: Uint8Array): DocumentState {
  const decoder = decoding.createDecoder(encoded);
  const layout = decoding.readVarUint(decoder);
  if (layout !== LAYOUT) throw new Error(`unknown snapshot layout ${layout}`);
  const stateVector = decoding.readVarUint8Array(decoder);
  const deleteSet = decoding.readVarUint8Array(decoder);
  const update = decoding.readVarUint8Array(decoder);
  if (decoding.hasContent(decoder)) throw new Error('bytes after the end of a snapshot');
  return { stateVector, deleteSet, update, encoded };
}
