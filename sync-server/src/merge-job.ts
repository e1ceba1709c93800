// What goes to a merge worker, in buffers that change hands: cloning a view would clone all of the buffer that it looks into.
import type { DocumentState } from '@codesync/storage';
import * as decoding from 'lib0/decoding';
import { concatenate } from './yjs/update-parts.ts';
import { varUints } from './yjs/var-uints.ts';

export interface MergeJob {
  /** The update of the state that the others go on top of. */
  readonly previous: Uint8Array<ArrayBuffer> | undefined;
  /** Their number, and each after its length. */
  readonly updates: Uint8Array<ArrayBuffer>;
}

/** What is smaller may share its buffer with something else, and is copied in no time. */
const LARGE = 64 * 1024;

/** A large `previous` is handed over: its buffer is detached when the job is posted. */
export function mergeJobOf(previous: DocumentState | undefined, updates: readonly Uint8Array[]): MergeJob {
  return {
    previous: previous && ownBuffer(previous.update),
    updates: concatenate([
      varUints(updates.length),
      ...updates.flatMap((update) => [varUints(update.byteLength), update]),
    ]),
  };
}

export function buffersOf({ previous, updates }: MergeJob): ArrayBuffer[] {
  return previous === undefined ? [updates.buffer] : [previous.buffer, updates.buffer];
}

/** Views into the job's buffer. */
export function updatesOf({ updates }: MergeJob): Uint8Array[] {
  const decoder = decoding.createDecoder(updates);
  return Array.from({ length: decoding.readVarUint(decoder) }, () => decoding.readVarUint8Array(decoder));
}

function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.byteLength >= LARGE && bytes.buffer instanceof ArrayBuffer
    ? (bytes as Uint8Array<ArrayBuffer>)
    : bytes.slice();
}
