import { MAX_OUTGOING_FRAME_BYTES, TEXT_NAME } from '@codesync/contract';
import { START } from '@codesync/storage';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { createHotDocument, type CachedDocument } from './hot-document.ts';
import { contentOf, edits, play } from './testing/edits.ts';
import { createTypist } from './testing/typist.ts';
import { mergeDocument } from './yjs/merge.ts';
import { byteLength, concatenate, type UpdateParts } from './yjs/update-parts.ts';
import { MalformedUpdate, summarize } from './yjs/update-summary.ts';

// Many random documents: more than the usual five seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const NOTHING = Uint8Array.of(0);

function add(hot: CachedDocument, ...updates: readonly Uint8Array[]): void {
  for (const update of updates) hot.add(update, summarize(update));
}

function hotWith(updates: readonly Uint8Array[]): CachedDocument {
  const hot = createHotDocument({ place: START });
  add(hot, ...updates);
  return hot;
}

function applied(updates: Iterable<UpdateParts>, doc = new Y.Doc()): Y.Doc {
  for (const update of updates) Y.applyUpdate(doc, concatenate(update));
  return doc;
}

const order = fc.infiniteStream(fc.nat());

describe('HotDocument', () => {
  it('R6: brings any peer to the whole document, deletes and pending updates included', () => {
    fc.assert(
      fc.property(edits, order, fc.nat({ max: 40 }), fc.nat({ max: 40 }), (script, numbers, baseEnd, rebaseEnd) => {
        const { updates, complete } = play(script);
        // In an order in which updates come before what they build on.
        const logged = updates.toSorted(() => (numbers.next().value % 3) - 1);
        const state = mergeDocument(undefined, logged.slice(0, baseEnd)).state;
        const hot = createHotDocument({ place: START, state });
        add(hot, ...logged.slice(baseEnd, rebaseEnd));
        const { updates: taken, rebase } = hot.compact();
        add(hot, ...logged.slice(Math.max(baseEnd, rebaseEnd)));
        rebase(mergeDocument(undefined, taken).state);
        const peers = [[], updates, updates.filter(() => numbers.next().value % 2 === 0)].map((some) =>
          applied(some.map((update) => [update])),
        );
        for (const peer of peers) {
          applied(hot.updatesFor(Y.encodeStateVector(peer)), peer);
          expect(contentOf(peer)).toEqual(contentOf(complete));
        }
        expect(hot.stateVector).toEqual(Y.encodeStateVector(complete));
        for (const update of updates) expect(hot.knows(summarize(update))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('R6: a delete that has not come is not known, although state vectors are equal', () => {
    const typist = createTypist();
    const hot = hotWith([typist.type('text')]);
    const deletion = typist.edit((text) => text.delete(1, 2));
    expect(hot.stateVector).toEqual(Y.encodeStateVector(typist.doc));
    expect(hot.knows(summarize(deletion))).toBe(false);
    const reader = applied(hot.updatesFor(NOTHING));
    add(hot, deletion);
    expect(hot.knows(summarize(deletion))).toBe(true);
    applied(hot.updatesFor(Y.encodeStateVector(reader)), reader);
    expect(reader.getText(TEXT_NAME).toString()).toBe('tt');
  });

  it('R2: sees that an update before this one is missing, and when it has come', () => {
    const typist = createTypist();
    const [first, second, third] = [typist.type('a'), typist.type('b'), typist.type('c')];
    const hot = hotWith([first]);
    const before = hot.stateVector;
    expect(hot.hasGap(summarize(second))).toBe(false);
    expect(hot.hasGap(summarize(third))).toBe(true);
    add(hot, third);
    // It is kept, but the state vector still asks for what is missing.
    expect(hot.stateVector).toEqual(before);
    expect(hot.hasGap(summarize(third))).toBe(true);
    add(hot, second);
    expect(hot.stateVector).toEqual(Y.encodeStateVector(typist.doc));
    expect(hot.hasGap(summarize(third))).toBe(false);
    expect(applied(hot.updatesFor(NOTHING)).getText(TEXT_NAME).toString()).toBe('abc');
  });

  it('a gap in its base closes as well', () => {
    const typist = createTypist();
    const [first, second, third] = [typist.type('a'), typist.type('b'), typist.type('c')];
    const hot = createHotDocument({ place: START, state: mergeDocument(undefined, [first, third]).state });
    add(hot, second);
    expect(hot.stateVector).toEqual(Y.encodeStateVector(typist.doc));
  });

  it('R16: a rebase takes the tail from memory, and keeps what came after it', () => {
    const typist = createTypist();
    const updates = Array.from({ length: 500 }, (_, index) => typist.type(`${index} `));
    const hot = hotWith(updates.slice(0, 400));
    const { updates: taken, rebase } = hot.compact();
    add(hot, ...updates.slice(400));
    const before = hot.memory;
    rebase(mergeDocument(undefined, taken).state);
    expect(hot.memory).toBeLessThan(before / 2);
    expect(hot.tailBytes).toBe(updates.slice(400).reduce((sum, update) => sum + update.length, 0));
    expect(applied(hot.updatesFor(NOTHING)).getText(TEXT_NAME).toString()).toBe(typist.text.toString());
  });

  it('a rebase that comes after another one changes nothing', () => {
    const typist = createTypist();
    const hot = hotWith([typist.type('a')]);
    const late = hot.compact();
    add(hot, typist.type('b'));
    const { updates, rebase } = hot.compact();
    rebase(mergeDocument(undefined, updates).state);
    const { baseBytes } = hot;
    late.rebase(mergeDocument(undefined, late.updates).state);
    expect(hot.baseBytes).toBe(baseBytes);
    expect(applied(hot.updatesFor(NOTHING)).getText(TEXT_NAME).toString()).toBe('ab');
  });

  it('R18: every update that it gives fits into a frame, and thousands of small ones come as few', () => {
    const typist = createTypist(1);
    const hot = hotWith([
      createTypist(2).type('long '.repeat(600_000)),
      ...Array.from({ length: 3_000 }, () => typist.type('x')),
    ]);
    const updates = [...hot.updatesFor(NOTHING)];
    expect(updates.length).toBeLessThan(30);
    for (const update of updates) expect(byteLength(update)).toBeLessThan(MAX_OUTGOING_FRAME_BYTES);
    expect(applied(updates).getText(TEXT_NAME).length).toBe(5 * 600_000 + 3_000);
  });

  it('gives everyone who comes with the same state the same bytes, until the next edit', () => {
    const typist = createTypist();
    const hot = hotWith([typist.type('a'), typist.type('b')]);
    const first = Array.from(hot.updatesFor(NOTHING));
    expect(first).toHaveLength(1);
    expect(Array.from(hot.updatesFor(NOTHING))[0]).toBe(first[0]);
    add(hot, typist.type('c'));
    expect(applied(hot.updatesFor(NOTHING)).getText(TEXT_NAME).toString()).toBe('abc');
  });

  it('brings a slow reader to where the document was when it asked, and nobody who asks later', () => {
    const typist = createTypist();
    const hot = hotWith([typist.type('a'), typist.type('b')]);
    const asked = hot.updatesFor(NOTHING);
    add(hot, typist.type('c'));
    expect(applied(asked).getText(TEXT_NAME).toString()).toBe('ab');
    expect(applied(hot.updatesFor(NOTHING)).getText(TEXT_NAME).toString()).toBe('abc');
  });

  it('says nothing to who has everything, and of an empty document', () => {
    const typist = createTypist();
    const hot = hotWith([typist.type('text')]);
    expect([...hot.updatesFor(Y.encodeStateVector(typist.doc))]).toEqual([]);
    expect([...hotWith([]).updatesFor(NOTHING)]).toEqual([]);
    expect(hotWith([]).stateVector).toEqual(NOTHING);
  });

  it('refuses what is no state vector', () => {
    expect(() => hotWith([]).updatesFor(Uint8Array.of(200, 1))).toThrow(MalformedUpdate);
  });
});
