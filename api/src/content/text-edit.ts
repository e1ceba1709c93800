// The smallest edit that leads from one text to another, so that cursors, comments and what others type at the same time stay put.
import fastDiff from 'fast-diff';
import { commonAnchors, intoLines, intoWords } from './text-anchors.ts';

/** Positions and lengths are UTF-16 code units of the old text; no edit cuts a surrogate pair. */
export interface TextEdit {
  readonly index: number;
  readonly remove: number;
  readonly insert: string;
}

/** fast-diff takes 50 ms for two unrelated texts of together this many code units, and four times that for twice as many. */
const DIFF_UNITS = 4_000;

/** Squares of the units that one comparison may put into fast-diff, about 100 ms: what is beyond is replaced as a whole. */
const DIFF_BUDGET = 2 * DIFF_UNITS ** 2;

/** Anchors to cut a text at, coarse ones first. The words of more than two million units would take 100 MB and a second. */
const CUTS = [
  { split: intoLines, maxUnits: Number.POSITIVE_INFINITY },
  { split: intoWords, maxUnits: 2_000_000 },
] as const;

/** In order, apart from each other; empty when the texts are equal. */
export function textEdits(from: string, to: string): TextEdit[] {
  const edits: TextEdit[] = [];
  if (from !== to) compare(from, to, 0, 0, { edits, budget: DIFF_BUDGET });
  return edits;
}

interface Comparison {
  readonly edits: TextEdit[];
  budget: number;
}

/** `offset`: where `from` begins in the old text. `cut`: the first of CUTS that has not been tried. */
function compare(from: string, to: string, offset: number, cut: number, comparison: Comparison): void {
  const prefix = commonPrefix(from, to);
  const suffix = commonSuffix(from, to, prefix);
  const removed = from.slice(prefix, from.length - suffix);
  const inserted = to.slice(prefix, to.length - suffix);
  const index = offset + prefix;
  if (removed === '' || inserted === '') {
    addEdit(comparison.edits, { index, remove: removed.length, insert: inserted });
    return;
  }
  const units = removed.length + inserted.length;
  if (units <= DIFF_UNITS && comparison.budget >= units ** 2) {
    comparison.budget -= units ** 2;
    diff(removed, inserted, index, comparison.edits);
    return;
  }
  compareBetweenAnchors(removed, inserted, index, cut, comparison);
}

function compareBetweenAnchors(from: string, to: string, offset: number, cut: number, comparison: Comparison): void {
  const { split, maxUnits } = CUTS[cut] ?? {};
  if (split === undefined || maxUnits === undefined) {
    addEdit(comparison.edits, { index: offset, remove: from.length, insert: to });
    return;
  }
  const anchors = from.length + to.length <= maxUnits ? commonAnchors(split(from), split(to)) : [];
  let fromEnd = 0;
  let toEnd = 0;
  for (const anchor of anchors) {
    const before = from.slice(fromEnd, anchor.from);
    compare(before, to.slice(toEnd, anchor.to), offset + fromEnd, cut + 1, comparison);
    fromEnd = anchor.from + anchor.length;
    toEnd = anchor.to + anchor.length;
  }
  compare(from.slice(fromEnd), to.slice(toEnd), offset + fromEnd, cut + 1, comparison);
}

function diff(from: string, to: string, offset: number, edits: TextEdit[]): void {
  let index = offset;
  for (const [kind, text] of fastDiff(from, to)) {
    if (kind === fastDiff.INSERT) addEdit(edits, { index, remove: 0, insert: text });
    if (kind === fastDiff.DELETE) addEdit(edits, { index, remove: text.length, insert: '' });
    if (kind !== fastDiff.INSERT) index += text.length;
  }
}

/** Joined with the one before where they touch. */
function addEdit(edits: TextEdit[], edit: TextEdit): void {
  if (edit.remove === 0 && edit.insert === '') return;
  const last = edits.at(-1);
  if (last === undefined || last.index + last.remove !== edit.index) {
    edits.push(edit);
    return;
  }
  edits.pop();
  edits.push({ index: last.index, remove: last.remove + edit.remove, insert: last.insert + edit.insert });
}

function commonPrefix(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  // Between the halves of a pair is no place for an edit.
  return length > 0 && isHighSurrogate(a.charCodeAt(length - 1)) ? length - 1 : length;
}

function commonSuffix(a: string, b: string, prefix: number): number {
  const most = Math.min(a.length, b.length) - prefix;
  let length = 0;
  while (length < most && a.charCodeAt(a.length - length - 1) === b.charCodeAt(b.length - length - 1)) length++;
  return length > 0 && isLowSurrogate(a.charCodeAt(a.length - length)) ? length - 1 : length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
