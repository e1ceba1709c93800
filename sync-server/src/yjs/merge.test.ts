import { TEXT_NAME } from '@codesync/contract';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { contentOf, edits, play } from '../testing/edits.ts';
import { typeTrace } from '../testing/traces.ts';
import { decodeDeleteSet } from './delete-set.ts';
import { mergeDocument } from './merge.ts';
import { summarize } from './update-summary.ts';

// Many random documents: more than the usual five seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** Three updates of one author, the third in the place of the second: without that it cannot be read. */
function chain(): [first: Uint8Array, second: Uint8Array, third: Uint8Array] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  doc.getText(TEXT_NAME).insert(0, 'one ');
  doc.getText(TEXT_NAME).insert(4, 'two ');
  doc.getText(TEXT_NAME).insert(8, 'three');
  const [first, second, third] = updates;
  if (first === undefined || second === undefined || third === undefined) throw new Error('an edit made no update');
  return [first, second, third];
}

function textOf(update: Uint8Array): string {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc.getText(TEXT_NAME).toString();
}

/** Structs or deletes in it wait for updates that have not come. */
function isWaiting(update: Uint8Array): boolean {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
}

describe('mergeDocument', () => {
  it('in two steps is what all updates together are', () => {
    fc.assert(
      fc.property(edits, fc.nat({ max: 40 }), (script, cut) => {
        const { updates, complete } = play(script);
        const { state } = mergeDocument(undefined, updates.slice(0, cut));
        const merged = mergeDocument(state, updates.slice(cut));
        const doc = new Y.Doc();
        Y.applyUpdate(doc, merged.state.update);
        expect(contentOf(doc)).toEqual(contentOf(complete));
        expect(isWaiting(merged.state.update)).toBe(false);
        expect(merged.lineEnds !== undefined).toBe(complete.getText(TEXT_NAME).toString().includes('\r'));
      }),
      { numRuns: 200 },
    );
  });

  it('a causal gap survives a snapshot and closes later', () => {
    const [first, second, third] = chain();
    const gapped = mergeDocument(undefined, [first, third]);
    expect(isWaiting(gapped.state.update)).toBe(true);
    expect(textOf(gapped.state.update)).toBe('one ');
    const again = mergeDocument(gapped.state, []);
    const closed = mergeDocument(again.state, [second]);
    expect(isWaiting(closed.state.update)).toBe(false);
    expect(textOf(closed.state.update)).toBe('one two three');
  });

  it('a delete whose text has not come survives a snapshot and takes effect later', () => {
    const [first, second, third] = chain();
    const doc = new Y.Doc();
    for (const update of [first, second, third]) Y.applyUpdate(doc, update);
    const before = Y.encodeStateVector(doc);
    doc.getText(TEXT_NAME).delete(4, 4);
    const erased = Y.encodeStateAsUpdate(doc, before);
    const waiting = mergeDocument(undefined, [first, erased]);
    expect(isWaiting(waiting.state.update)).toBe(true);
    expect(textOf(mergeDocument(waiting.state, [second, third]).state.update)).toBe('one three');
  });

  it('the state vector stops at a gap, but not at what waits for another author', () => {
    const [first, , third] = chain();
    const [client = 0, clock] =
      [...Y.decodeStateVector(mergeDocument(undefined, [first, third]).state.stateVector)][0] ?? [];
    expect(clock).toBe(4);
    const reader = new Y.Doc();
    Y.applyUpdate(reader, first);
    const own = Y.encodeStateVector(reader);
    reader.getText(TEXT_NAME).insert(4, 'more');
    const more = Y.encodeStateAsUpdate(reader, own);
    const vector = Y.decodeStateVector(mergeDocument(undefined, [more]).state.stateVector);
    expect(vector.get(reader.clientID)).toBe(4);
    expect(vector.has(client)).toBe(false);
  });

  it('the delete set holds all deletes of the bytes', () => {
    fc.assert(
      fc.property(edits, (script) => {
        const { updates } = play(script);
        const { state } = mergeDocument(undefined, updates);
        for (const update of updates)
          expect(decodeDeleteSet(state.deleteSet).covers(summarize(update).deletes)).toBe(true);
      }),
    );
  });

  it('a whole session of typing ends in its text', () => {
    const { endContent, updates } = typeTrace('rustcode');
    const half = mergeDocument(undefined, updates.slice(0, 20_000));
    const end = mergeDocument(half.state, updates.slice(20_000));
    expect(textOf(end.state.update) === endContent).toBe(true);
  });

  it('throws on what is no update', () => {
    expect(() => mergeDocument(undefined, [Uint8Array.of(9, 9, 9)])).toThrow('malformed');
  });

  it('an update that begins inside collected text does not spoil the document', () => {
    const doc = new Y.Doc();
    doc.clientID = 1;
    const text = doc.getText(TEXT_NAME);
    text.insert(0, 'kept');
    const map = doc.getMap('map');
    map.set('inner', new Y.Text('0123456789'));
    const inner = Y.encodeStateAsUpdate(doc);
    map.delete('inner');
    // The same author's id, from a copy that never heard of the delete and wrote on.
    const copy = new Y.Doc();
    Y.applyUpdate(copy, inner);
    copy.clientID = 1;
    const vector = new Map([[1, 8]]);
    (copy.getMap('map').get('inner') as Y.Text).insert(10, 'ABC');
    const slice = Y.encodeStateAsUpdate(copy, Y.encodeStateVector(vector));
    const { state } = mergeDocument(undefined, [Y.encodeStateAsUpdate(doc)]);
    expect(textOf(mergeDocument(state, [slice]).state.update)).toBe('kept');
  });
});
