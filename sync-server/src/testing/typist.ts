// Someone who types into a Yjs document of their own, and the frames that a stock client would send for it.
import { MESSAGE, SYNC, TEXT_NAME } from '@codesync/contract';
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { concatenate, type UpdateParts } from '../yjs/update-parts.ts';

export interface Typist {
  readonly doc: Y.Doc;
  readonly text: Y.Text;
  /** The update of an edit. */
  edit(change: (text: Y.Text) => void): Uint8Array;
  /** The update of typing at the end. */
  type(text: string): Uint8Array;
  /** Its step 1. */
  step1(): Uint8Array;
  /** Its answer to a step 1 of this state vector. */
  step2(stateVector: Uint8Array): Uint8Array;
}

export function createTypist(clientId?: number): Typist {
  const doc = new Y.Doc();
  if (clientId !== undefined) doc.clientID = clientId;
  const text = doc.getText(TEXT_NAME);
  function edit(change: (text: Y.Text) => void): Uint8Array {
    const before = Y.encodeStateVector(doc);
    const updates: Uint8Array[] = [];
    const listen = (update: Uint8Array): number => updates.push(update);
    doc.on('update', listen);
    doc.transact(() => change(text), 'typing');
    doc.off('update', listen);
    return updates[0] ?? Y.encodeStateAsUpdate(doc, before);
  }
  return {
    doc,
    text,
    edit,
    type: (typed) => edit((current) => current.insert(current.length, typed)),
    step1: () => syncFrame(SYNC.step1, Y.encodeStateVector(doc)),
    step2: (stateVector) => syncFrame(SYNC.step2, Y.encodeStateAsUpdate(doc, stateVector)),
  };
}

/** The text of a document that is made of these updates, each in one run of bytes or in parts. */
export function textOf(updates: Iterable<Uint8Array | UpdateParts>): string {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update instanceof Uint8Array ? update : concatenate(update));
  return doc.getText(TEXT_NAME).toString();
}

export const updateFrameOf = (update: Uint8Array): Uint8Array => syncFrame(SYNC.update, update);

export function syncFrame(subtype: number, body: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.sync);
  encoding.writeVarUint(encoder, subtype);
  encoding.writeVarUint8Array(encoder, body);
  return encoding.toUint8Array(encoder);
}

/** What a stock client says of awareness clients. */
export function awarenessFrame(...states: readonly { clientId: number; clock: number; state: unknown }[]): Uint8Array {
  const body = encoding.createEncoder();
  encoding.writeVarUint(body, states.length);
  for (const { clientId, clock, state } of states) {
    encoding.writeVarUint(body, clientId);
    encoding.writeVarUint(body, clock);
    encoding.writeVarString(body, JSON.stringify(state));
  }
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.awareness);
  encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body));
  return encoding.toUint8Array(encoder);
}
