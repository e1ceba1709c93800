// The sums under the binding, by property.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { rawEdits } from './line-ends.ts';
import { editsOfDelta, minimalEdits, moveOffset, splitsCharacter, type TextEdit } from './text-edits.ts';

const words = fc.array(fc.constantFrom('a', 'b', '\n', '😀', '😁', '漢', 'é')).map((parts) => parts.join(''));

function apply(text: string, edits: readonly TextEdit[]): string {
  return edits.reduceRight(
    (result, { offset, length, text: inserted }) => result.slice(0, offset) + inserted + result.slice(offset + length),
    text,
  );
}

describe('minimalEdits', () => {
  it('leads from one text to the other and never cuts a character', () => {
    fc.assert(
      fc.property(words, words, (from, to) => {
        const edits = minimalEdits(from, to);
        expect(apply(from, edits)).toBe(to);
        for (const { offset, length, text } of edits) {
          expect(splitsCharacter(from, offset)).toBe(false);
          expect(splitsCharacter(from, offset + length)).toBe(false);
          expect(text.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('leaves what is the same alone', () => {
    expect(minimalEdits('one two three', 'one 2 three')).toEqual([{ offset: 4, length: 3, text: '2' }]);
  });
});

it('editsOfDelta does what the delta does, in edits that do not touch', () => {
  fc.assert(
    fc.property(words, fc.array(fc.tuple(fc.nat(50), fc.nat(5), words), { maxLength: 6 }), (start, changes) => {
      const text = new Y.Doc().getText('content');
      text.insert(0, start);
      let edits: TextEdit[] = [];
      text.observe((event) => {
        edits = editsOfDelta(event.delta);
      });
      text.doc?.transact(() => {
        for (const [at, length, inserted] of changes) {
          const offset = Math.min(at, text.length);
          text.delete(offset, Math.min(length, text.length - offset));
          text.insert(offset, inserted);
        }
      });
      // Yjs breaks characters that are cut: then the delta does not tell all, and the binding compares texts.
      if (!text.toString().includes('\ufffd')) expect(apply(start, edits)).toBe(text.toString());
      for (const [index, edit] of edits.entries()) {
        const next = edits[index + 1];
        if (next !== undefined) expect(next.offset).toBeGreaterThan(edit.offset + edit.length);
      }
    }),
  );
});

describe('moveOffset', () => {
  it('keeps a caret on its place in the text', () => {
    expect(moveOffset(3, [{ offset: 3, length: 0, text: 'xx' }], 'before')).toBe(3);
    expect(moveOffset(3, [{ offset: 3, length: 0, text: 'xx' }], 'after')).toBe(5);
    expect(moveOffset(5, [{ offset: 1, length: 2, text: 'x' }], 'before')).toBe(4);
    expect(moveOffset(2, [{ offset: 1, length: 4, text: '' }], 'before')).toBe(1);
  });

  it('stays inside the text', () => {
    fc.assert(
      fc.property(
        words,
        words,
        fc.nat(100),
        fc.constantFrom('before' as const, 'after' as const),
        (from, to, at, side) => {
          const moved = moveOffset(Math.min(at, from.length), minimalEdits(from, to), side);
          expect(moved).toBeGreaterThanOrEqual(0);
          expect(moved).toBeLessThanOrEqual(to.length);
        },
      ),
    );
  });
});

it('rawEdits writes at the place that an edit of the LF text means', () => {
  const raw = 'a\r\nb\rc\nd';
  expect(apply(raw, rawEdits(raw, [{ offset: 2, length: 1, text: 'B' }]))).toBe('a\r\nB\rc\nd');
  expect(apply(raw, rawEdits(raw, [{ offset: 1, length: 1, text: '' }]))).toBe('ab\rc\nd');
  expect(apply(raw, rawEdits(raw, [{ offset: 7, length: 0, text: '!' }]))).toBe(`${raw}!`);
});
