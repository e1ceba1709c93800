// The recorded editing sessions in ../traces, and how they are typed into a Y.Text.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';

/** [position, characters deleted, text inserted] */
export type Patch = readonly [number, number, string];

/** One author's session: applied in order to an empty text, every patch, it ends in `endContent`. */
export interface SequentialTrace {
  readonly endContent: string;
  readonly txns: readonly { readonly patches: readonly Patch[] }[];
}

/** Several authors at once: positions of a transaction refer to the text after merging its parents. */
export interface ConcurrentTrace {
  readonly endContent: string;
  readonly numAgents: number;
  readonly txns: readonly {
    readonly parents: readonly number[];
    readonly agent: number;
    readonly patches: readonly Patch[];
  }[];
}

export function readTrace(name: 'rustcode' | 'sveltecomponent'): SequentialTrace;
export function readTrace(name: 'clownschool.concurrent'): ConcurrentTrace;
export function readTrace(name: string): unknown {
  const file = new URL(`../traces/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8'));
}

export function applyPatches(text: Y.Text, patches: readonly Patch[]): void {
  text.doc?.transact(() => {
    for (const [position, deleted, inserted] of patches) {
      if (deleted > 0) text.delete(position, deleted);
      if (inserted !== '') text.insert(position, inserted);
    }
  });
}

/** One author's transaction of a concurrent trace as a Yjs update, and what its author's document must hold before. */
export interface AuthoredUpdate {
  readonly agent: number;
  readonly needs: ReadonlyMap<number, number>;
  readonly update: Uint8Array;
}

/**
 * Works out once what each author's editor produces: every author has a Y.Doc that sees exactly the history the recording says it saw.
 * Authors are the Yjs clients 1, 2, 3 ...: ids that no document which applies the updates has for its own.
 */
export function authorUpdates(trace: ConcurrentTrace, textName: string): AuthoredUpdate[] {
  const docs = Array.from({ length: trace.numAgents }, (_, agent) => {
    const doc = new Y.Doc();
    doc.clientID = agent + 1;
    return doc;
  });
  const result: AuthoredUpdate[] = [];
  // What each author's document holds, as transaction indexes: history is linear per author, so a set of last indexes suffices.
  const seen: Set<number>[] = docs.map(() => new Set());

  const bring = (agent: number, index: number): void => {
    const stack = [index];
    const missing: number[] = [];
    while (stack.length > 0) {
      const at = stack.pop();
      if (at === undefined || seen[agent]?.has(at)) continue;
      seen[agent]?.add(at);
      missing.push(at);
      stack.push(...(trace.txns[at]?.parents ?? []));
    }
    const doc = docs[agent];
    if (doc === undefined) throw new Error(`no author ${agent}`);
    for (const at of missing.toSorted((a, b) => a - b)) {
      const update = result[at]?.update;
      if (update !== undefined) Y.applyUpdate(doc, update, 'remote');
    }
  };

  for (const [index, txn] of trace.txns.entries()) {
    for (const parent of txn.parents) bring(txn.agent, parent);
    const doc = docs[txn.agent];
    if (doc === undefined) throw new Error(`no author ${txn.agent}`);
    const needs = Y.decodeStateVector(Y.encodeStateVector(doc));
    const updates: Uint8Array[] = [];
    const collect = (update: Uint8Array) => updates.push(update);
    doc.on('update', collect);
    applyPatches(doc.getText(textName), txn.patches);
    doc.off('update', collect);
    seen[txn.agent]?.add(index);
    result.push({ agent: txn.agent, needs, update: Y.mergeUpdates(updates) });
  }
  return result;
}

/** Whether a document holds at least these clocks. */
export function holds(doc: Y.Doc, needs: ReadonlyMap<number, number>): boolean {
  for (const [client, clock] of needs) if (Y.getState(doc.store, client) < clock) return false;
  return true;
}
