// Merges updates on top of a state through a Y.Doc: the one place of the server that builds one. Runs on a worker thread.
import { TEXT_NAME } from '@codesync/contract/wire';
import { encodeState, type DocumentState } from '@codesync/storage/document-state';
import * as Y from 'yjs';
import { withoutCarriageReturns } from '../line-ends.ts';
import { composeUpdates } from './compose-updates.ts';
import { encodeDeleteSet } from './delete-set.ts';
import { EMPTY_STATE_VECTOR, encodeStateVector } from './state-vector.ts';
import { concatenate } from './update-parts.ts';
import { findRuns } from './update-runs.ts';
import { summarize } from './update-summary.ts';

export interface Merged {
  /** What `HotDocument` starts from. Structs and deletes that wait for updates that have not come are in it, too. Its buffer is its own. */
  readonly state: DocumentState;
  /** The update that takes every \r out of the content text; undefined when there is none (R21). Not in `state`. */
  readonly lineEnds: Uint8Array | undefined;
}

/** Throws what Yjs throws when the updates cannot be merged (R19). */
export function mergeDocument(
  previous: Pick<DocumentState, 'update'> | undefined,
  updates: readonly Uint8Array[],
): Merged {
  // Collects what was deleted: a document's bytes must not grow with its past.
  const doc = new Y.Doc({ gc: true });
  try {
    const text = doc.getText(TEXT_NAME);
    for (const update of asOne(previous === undefined ? updates : [previous.update, ...updates]))
      Y.applyUpdate(doc, update);
    const state = stateOf(doc);
    // Last: it edits the document.
    return { state, lineEnds: withoutCarriageReturns(doc, text, state) };
  } finally {
    doc.destroy();
  }
}

/**
 * Put together as a peer that joins gets it, so that the server's text is what that peer sees, too. It is also faster than update by
 * update, and no update goes into Yjs that begins inside a struct that Yjs has collected: on that it throws.
 */
function asOne(updates: readonly Uint8Array[]): readonly Uint8Array[] {
  return Array.from(composeUpdates(updates.map(findRuns), EMPTY_STATE_VECTOR, Infinity), concatenate);
}

/**
 * The state vector is what the bytes hold without a gap, not what Yjs could integrate: what waits for another client's update is here,
 * and must not be asked of peers again at every join.
 */
function stateOf(doc: Y.Doc): DocumentState {
  const update = Y.encodeStateAsUpdate(doc);
  const { structs, deletes } = summarize(update);
  return encodeState({ stateVector: encodeStateVector(structs), deleteSet: encodeDeleteSet(deletes), update });
}
