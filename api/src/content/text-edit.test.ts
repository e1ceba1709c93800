import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textEdits, type TextEdit } from './text-edit.ts';

function apply(text: string, edits: readonly TextEdit[]): string {
  return edits.reduceRight(
    (result, { index, remove, insert }) => result.slice(0, index) + insert + result.slice(index + remove),
    text,
  );
}

function cutsPair(text: string, index: number): boolean {
  return /[\uD800-\uDBFF]/.test(text.charAt(index - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(index));
}

// Emoji that share their first half, their second half or neither, a combining accent, and characters that make lines.
const character = fc.constantFrom(
  'a',
  'b',
  ' ',
  '\n',
  'e\u{301}',
  '\u{1F600}',
  '\u{1F601}',
  '\u{1FA00}',
  '\u{1F468}\u{200D}\u{1F469}',
);
const text = fc.array(character, { maxLength: 60 }).map((parts) => parts.join(''));

describe('textEdits', () => {
  it('leads from any text to any other, in order, without touching or cutting a character', () => {
    fc.assert(
      fc.property(text, text, (from, to) => {
        const edits = textEdits(from, to);
        expect(apply(from, edits)).toBe(to);
        let end = -1;
        for (const { index, remove, insert } of edits) {
          expect(index).toBeGreaterThan(end);
          end = index + remove;
          expect(cutsPair(from, index) || cutsPair(from, end)).toBe(false);
          expect(insert.isWellFormed()).toBe(true);
          expect(remove > 0 || insert !== '').toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('nothing is edited between equal texts', () => {
    expect(textEdits('same', 'same')).toEqual([]);
    expect(textEdits('', '')).toEqual([]);
  });

  it.each([
    ['', 'new', [{ index: 0, remove: 0, insert: 'new' }]],
    ['old', '', [{ index: 0, remove: 3, insert: '' }]],
    ['hello world', 'hello brave world', [{ index: 6, remove: 0, insert: 'brave ' }]],
    [
      'aXbYc',
      'abc',
      [
        { index: 1, remove: 1, insert: '' },
        { index: 3, remove: 1, insert: '' },
      ],
    ],
    ['\u{1F600}', '\u{1F601}', [{ index: 0, remove: 2, insert: '\u{1F601}' }]],
    ['\u{1F600}', '\u{1FA00}', [{ index: 0, remove: 2, insert: '\u{1FA00}' }]],
  ])('from %j to %j only what differs is touched', (from, to, edits) => {
    expect(textEdits(from, to)).toEqual(edits);
  });

  it('in a text of 500,000 lines three far apart changes stay three small edits', () => {
    const lines = Array.from({ length: 500_000 }, (_, line) => `line ${line}`);
    const changed = [...lines];
    changed[10] = 'line 10 and more';
    changed[250_000] = 'another';
    changed.splice(400_000, 1);
    const from = lines.join('\n');
    const to = changed.join('\n');
    const edits = textEdits(from, to);
    expect(apply(from, edits) === to).toBe(true);
    expect(edits.reduce((sum, edit) => sum + edit.remove + edit.insert.length, 0)).toBeLessThan(60);
  });

  it('in one line of 800,000 characters changes at both ends stay small edits', () => {
    const from = `[${Array.from({ length: 100_000 }, (_, item) => `"${item}"`).join(',')}]`;
    const to = `[0,${from.slice(1, -1)},1]`;
    const edits = textEdits(from, to);
    expect(apply(from, edits) === to).toBe(true);
    expect(edits.reduce((sum, edit) => sum + edit.remove + edit.insert.length, 0)).toBe(4);
  });

  it('R16: two large texts without anything in common are replaced as a whole, not compared for minutes', () => {
    const from = 'ab'.repeat(1_000_000);
    const to = 'cd'.repeat(1_000_000);
    expect(textEdits(from, to).map(({ index, remove, insert }) => [index, remove, insert === to])).toEqual([
      [0, from.length, true],
    ]);
  });

  it('R16: many changed lines between shared ones are compared within one budget, and the result is still exact', () => {
    const pool = 'abcdefghij';
    const garbage = (seed: number) =>
      Array.from({ length: 1_500 }, (_, at) => pool.charAt((at * at * 7 + seed * 13 + at * seed) % 10)).join('');
    const side = (seed: number) =>
      Array.from({ length: 200 }, (_, line) => `anchor ${line}\n${garbage(line * seed + seed)}`).join('\n');
    const [from, to] = [side(3), side(8)];
    const edits = textEdits(from, to);
    expect(apply(from, edits) === to).toBe(true);
    expect(edits.length).toBeGreaterThan(200);
  });
});
