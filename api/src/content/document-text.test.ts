import { Failure, MAX_DOCUMENT_BYTES, TEXT_NAME } from '@codesync/contract';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { editTo, firstUpdate, textOf } from './document-text.ts';

function docWith(text: string): Y.Doc {
  const doc = new Y.Doc();
  doc.getText(TEXT_NAME).insert(0, text);
  return doc;
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

const character = fc.constantFrom('a', 'b', 'c', ' ', '\n', '\u{1F600}', '\u{1F601}', '\u{1FA00}');
const text = fc.array(character, { maxLength: 40 }).map((parts) => parts.join(''));
/** Inserted by somebody else: characters that no text above has. */
const typed = fc.array(fc.constantFrom('X', 'Y', 'Z', '\u{1F9E0}'), { minLength: 1, maxLength: 5 });

describe('editTo', () => {
  it('one update leads another copy of the document to the wanted text', () => {
    fc.assert(
      fc.property(text, text, (from, to) => {
        const doc = docWith(from);
        const other = copyOf(doc);
        const update = editTo(doc, to);
        expect(textOf(doc)).toBe(to);
        if (from === to) expect(update).toBeUndefined();
        else Y.applyUpdate(other, update ?? new Uint8Array());
        expect(textOf(other)).toBe(to);
      }),
    );
  });

  it('what somebody types at the same time is never lost, and both sides end alike', () => {
    fc.assert(
      fc.property(text, text, typed, fc.nat(), (from, to, inserted, place) => {
        const doc = docWith(from);
        const typist = copyOf(doc);
        const target = typist.getText(TEXT_NAME);
        // At a boundary of characters.
        const before = Array.from(from).slice(0, place % (Array.from(from).length + 1));
        target.insert(before.join('').length, inserted.join(''));
        const theirs = Y.encodeStateAsUpdate(typist);
        const update = editTo(doc, to);
        if (update !== undefined) Y.applyUpdate(typist, update);
        Y.applyUpdate(doc, theirs);
        expect(textOf(typist)).toBe(textOf(doc));
        expect(textOf(doc)).toContain(inserted.join(''));
        expect(textOf(doc).replace(inserted.join(''), '')).toBe(to);
      }),
    );
  });

  it('two edits that were made of the same state keep what either inserted', () => {
    fc.assert(
      fc.property(text, typed, typed, (base, first, second) => {
        const one = docWith(base);
        const two = copyOf(one);
        const server = copyOf(one);
        for (const update of [editTo(one, first.join('') + base), editTo(two, base + second.join(''))]) {
          Y.applyUpdate(server, update ?? new Uint8Array());
        }
        const merged = textOf(server);
        expect(merged.length).toBe(first.join('').length + base.length + second.join('').length);
        expect(merged).toContain(first.join(''));
        expect(merged).toContain(second.join(''));
      }),
    );
  });

  it('the update holds the change alone, not the document’s history', () => {
    const doc = docWith('x'.repeat(100_000));
    doc.getText(TEXT_NAME).delete(10, 50_000);
    expect(editTo(doc, `${'x'.repeat(50_000)}!`)?.byteLength).toBeLessThan(40);
  });

  it('an object that a foreign client embedded shifts no position, and goes', () => {
    const doc = docWith('one two');
    doc.getText(TEXT_NAME).insertEmbed(3, { image: 'x' });
    editTo(doc, 'one three two');
    expect(textOf(doc)).toBe('one three two');
    expect(doc.getText(TEXT_NAME).length).toBe('one three two'.length);
  });

  it('R17: an edit that makes the document larger than its limit is refused, one that makes it smaller is not', () => {
    const doc = docWith('a'.repeat(MAX_DOCUMENT_BYTES + 1));
    expect(() => editTo(copyOf(doc), `${'a'.repeat(MAX_DOCUMENT_BYTES + 1)}b`)).toThrow(Failure);
    expect(editTo(doc, 'a'.repeat(MAX_DOCUMENT_BYTES))).toBeDefined();
  });
});

describe('firstUpdate', () => {
  it('makes a new document of a text, and nothing of an empty one', () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, firstUpdate('hello\n') ?? new Uint8Array());
    expect(textOf(doc)).toBe('hello\n');
    expect(firstUpdate('')).toBeUndefined();
  });

  it('R17: a text beyond the limit is refused', () => {
    expect(() => firstUpdate('a'.repeat(MAX_DOCUMENT_BYTES))).toThrow(expect.objectContaining({ code: 'too_large' }));
  });
});
