// Edits of plain text by offset, and the few sums that the binding needs: Yjs deltas to edits, the smallest edits between
// two texts, and where an offset is after an edit.
import diff from 'fast-diff';
import type * as Y from 'yjs';

/** Replaces `length` UTF-16 units at `offset` by `text`. In a list, offsets speak of the text before all of it. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** Above this a character diff may take seconds; the middle is then replaced as a whole. */
const DIFF_LIMIT = 20_000;

/** One Yjs delta as edits, ascending, no two touching. */
export function editsOfDelta(delta: Y.YTextEvent['delta']): TextEdit[] {
  const edits: TextEdit[] = [];
  let offset = 0;
  for (const operation of delta) {
    if (operation.retain !== undefined) {
      offset += operation.retain;
      continue;
    }
    const text = typeof operation.insert === 'string' ? operation.insert : '';
    const length = operation.delete ?? 0;
    const last = edits.at(-1);
    // An insertion beside a deletion is one replacement: editors refuse edits that touch.
    if (last !== undefined && last.offset + last.length === offset) {
      edits[edits.length - 1] = { offset: last.offset, length: last.length + length, text: last.text + text };
    } else {
      edits.push({ offset, length, text });
    }
    offset += length;
  }
  return edits;
}

/** The edits that lead from one text to another and leave the rest, with everyone's cursors in it, alone. */
export function minimalEdits(from: string, to: string): TextEdit[] {
  if (from === to) return [];
  const start = commonStart(from, to);
  const end = commonEnd(from, to, start);
  const before = from.slice(start, from.length - end);
  const after = to.slice(start, to.length - end);
  if (before === '' || after === '' || before.length + after.length > DIFF_LIMIT) {
    return [{ offset: start, length: before.length, text: after }];
  }
  const delta = diff(before, after).map(([kind, text]) => {
    if (kind === diff.INSERT) return { insert: text };
    return kind === diff.DELETE ? { delete: text.length } : { retain: text.length };
  });
  return editsOfDelta(delta).map((edit) => ({ ...edit, offset: edit.offset + start }));
}

/** Where an offset is after the edits; `side` says whether text inserted exactly there goes before ('after') or behind it. */
export function moveOffset(offset: number, edits: readonly TextEdit[], side: 'before' | 'after'): number {
  let moved = offset;
  for (const edit of edits) {
    const end = edit.offset + edit.length;
    if (edit.offset > offset) continue;
    if (edit.length === 0 && edit.offset === offset) {
      if (side === 'after') moved += edit.text.length;
    } else if (end <= offset) {
      // Replaced text that ended at the offset: for a caret kept before insertions, what came in stays behind it
      // only if nothing was in between.
      moved += edit.text.length - edit.length;
    } else if (edit.offset < offset) {
      moved += Math.min(edit.text.length, offset - edit.offset) - (offset - edit.offset);
    }
  }
  return moved;
}

/** Whether an offset is inside a surrogate pair: editing there would break a character for good. */
export function splitsCharacter(text: string, offset: number): boolean {
  return isHighSurrogate(text.charCodeAt(offset - 1)) && isLowSurrogate(text.charCodeAt(offset));
}

function commonStart(one: string, other: string): number {
  const limit = Math.min(one.length, other.length);
  let start = 0;
  while (start < limit && one.charCodeAt(start) === other.charCodeAt(start)) start++;
  return splitsCharacter(one, start) || splitsCharacter(other, start) ? start - 1 : start;
}

function commonEnd(one: string, other: string, start: number): number {
  const limit = Math.min(one.length, other.length) - start;
  let end = 0;
  while (end < limit && one.charCodeAt(one.length - 1 - end) === other.charCodeAt(other.length - 1 - end)) end++;
  return splitsCharacter(one, one.length - end) || splitsCharacter(other, other.length - end) ? end - 1 : end;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
