import { TEXT_NAME } from '@codesync/contract';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { contentOf, edits, play } from '../testing/edits.ts';
import { composeUpdates, splitUpdate } from './compose-updates.ts';
import { decodeStateVector, EMPTY_STATE_VECTOR } from './state-vector.ts';
import { byteLength, concatenate } from './update-parts.ts';
import { findRuns } from './update-runs.ts';
import { summarize } from './update-summary.ts';

// Many random documents: more than the usual five seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

function applied(...updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

/** A document in one update, the text inserted at once. */
function whole(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText(TEXT_NAME).insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

const MB = 1024 * 1024;

/** One embed or value may be larger than the bound by itself. */
function expectBounded(piece: Uint8Array, maxBytes: number): void {
  if (Y.decodeUpdate(piece).structs.length > 1) expect(piece.length).toBeLessThanOrEqual(maxBytes);
}

describe('splitUpdate', () => {
  it('R18: pieces of at most the bound, each a valid update, which in order do what the whole does', () => {
    fc.assert(
      fc.property(edits, fc.integer({ min: 160, max: 600 }), (script, maxBytes) => {
        const { complete } = play(script);
        const pieces = splitUpdate(Y.encodeStateAsUpdate(complete), maxBytes).map(concatenate);
        for (const piece of pieces) {
          expectBounded(piece, maxBytes);
          if (pieces.length > 1) expect(summarize(piece).empty).toBe(false);
        }
        expect(contentOf(applied(...pieces))).toEqual(contentOf(complete));
      }),
      { numRuns: 300 },
    );
  });

  it('R18: cuts one insertion that is larger than the bound, and never through a character', () => {
    const text = 'line of text\n'.repeat(400_000);
    const pieces = splitUpdate(whole(text), MB).map(concatenate);
    expect(pieces.length).toBeGreaterThan(4);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(MB);
    expect(
      applied(...pieces)
        .getText(TEXT_NAME)
        .toString() === text,
    ).toBe(true);
  });

  it('R18: emoji at every cut stay whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('😀', 'a', 'é', '漢'), { minLength: 200, maxLength: 400 }),
        fc.integer({ min: 120, max: 160 }),
        (letters, maxBytes) => {
          const text = letters.join('');
          const pieces = splitUpdate(whole(text), maxBytes).map(concatenate);
          expect(pieces.length).toBeGreaterThan(1);
          expect(
            applied(...pieces)
              .getText(TEXT_NAME)
              .toString(),
          ).toBe(text);
        },
      ),
    );
  });

  it('R18: cuts one large delete set', () => {
    const doc = new Y.Doc({ gc: false });
    const text = doc.getText(TEXT_NAME);
    text.insert(0, 'ab'.repeat(3_000));
    doc.transact(() => {
      for (let i = 0; i < 3_000; i++) text.delete(i, 1);
    });
    const pieces = splitUpdate(Y.encodeStateAsUpdate(doc), 2_000).map(concatenate);
    for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(2_000);
    expect(
      applied(...pieces)
        .getText(TEXT_NAME)
        .toString(),
    ).toBe('b'.repeat(3_000));
  });

  it('cuts a long array between its elements, and lets one large element be', () => {
    const doc = new Y.Doc();
    doc.getArray('list').insert(0, ['x'.repeat(50), { y: 1 }, 'z'.repeat(300), null, 5, ...Array.from('abcdefghij')]);
    const pieces = splitUpdate(Y.encodeStateAsUpdate(doc), 200).map(concatenate);
    expect(pieces.length).toBeGreaterThan(2);
    expect(pieces.filter((piece) => piece.length > 200)).toHaveLength(1);
    expect(
      applied(...pieces)
        .getArray('list')
        .toJSON(),
    ).toEqual(doc.getArray('list').toJSON());
  });

  it('leaves alone what fits', () => {
    const update = whole('text');
    expect(splitUpdate(update, MB)).toEqual([[update]]);
  });
});

describe('composeUpdates', () => {
  const order = fc.infiniteStream(fc.nat());

  it('does what all the updates do, in any order and with any of them twice', () => {
    fc.assert(
      fc.property(edits, order, fc.integer({ min: 160, max: 2_000 }), (script, numbers, maxBytes) => {
        const { updates, complete } = play(script);
        const shuffled = [...updates, ...updates.slice(0, 3)].toSorted(() => (numbers.next().value % 3) - 1);
        const merged = updates.length > 4 ? [Y.mergeUpdates(updates.slice(1, 5))] : [];
        const composed = composeUpdates([...merged, ...shuffled].map(findRuns), EMPTY_STATE_VECTOR, maxBytes);
        const pieces = Array.from(composed, concatenate);
        for (const piece of pieces) expectBounded(piece, maxBytes);
        expect(contentOf(applied(...pieces))).toEqual(contentOf(complete));
      }),
      { numRuns: 300 },
    );
  });

  it('R6: brings a peer with any part of a document to the whole, deletes included', () => {
    fc.assert(
      fc.property(edits, order, (script, numbers) => {
        const { updates, complete } = play(script);
        const peer = applied(...updates.filter(() => numbers.next().value % 2 === 0));
        const after = decodeStateVector(Y.encodeStateVector(peer));
        for (const piece of composeUpdates([findRuns(Y.encodeStateAsUpdate(complete))], after, 300))
          Y.applyUpdate(peer, concatenate(piece));
        expect(contentOf(peer)).toEqual(contentOf(complete));
      }),
      { numRuns: 300 },
    );
  });

  it('sends a peer only what it lacks', () => {
    const doc = new Y.Doc();
    const text = doc.getText(TEXT_NAME);
    text.insert(0, 'x'.repeat(10_000));
    const before = decodeStateVector(Y.encodeStateVector(doc));
    text.insert(10_000, 'end');
    const [piece = []] = composeUpdates([findRuns(Y.encodeStateAsUpdate(doc))], before, MB);
    expect(byteLength(piece)).toBeLessThan(100);
  });

  it('is nothing when there is nothing', () => {
    expect([...composeUpdates([], EMPTY_STATE_VECTOR, MB)]).toEqual([]);
    expect([...composeUpdates([findRuns(Uint8Array.of(0, 0))], EMPTY_STATE_VECTOR, MB)]).toEqual([]);
    const update = whole('text');
    const all = decodeStateVector(Y.encodeStateVectorFromUpdate(update));
    expect([...composeUpdates([findRuns(update)], all, MB)]).toEqual([]);
  });

  it('a slice that begins inside a surrogate pair says so as Yjs does', () => {
    const update = whole('a😀b');
    const [client = 0] = [...decodeStateVector(Y.encodeStateVectorFromUpdate(update)).keys()];
    const inside = new Map([[client, 2]]);
    const [ours = []] = composeUpdates([findRuns(update)], inside, MB);
    expect(Y.decodeUpdate(concatenate(ours)).structs.map((struct) => (struct as Y.Item).content)).toEqual([
      new Y.ContentString('\uFFFDb'),
    ]);
  });
});
