// Pieces (lines, words) that two texts surely share: each is once in both, and they come in the same order (patience diff).

export interface Anchor {
  /** Where it begins in the old and in the new text, and how long it is, in UTF-16 code units. */
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/** Each with its line feed. */
export function intoLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** Words, and every character between them by itself; never half a character. */
export function intoWords(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_]/gu) ?? [];
}

export function commonAnchors(from: readonly string[], to: readonly string[]): readonly Anchor[] {
  const positions = uniquePositions(from);
  const shared: Anchor[] = [];
  for (const [piece, at] of uniquePositions(to)) {
    const there = positions.get(piece);
    if (there !== undefined) shared.push({ from: there, to: at, length: piece.length });
  }
  return longestIncreasing(shared);
}

/** Piece -> where it begins, for pieces that are there once, in order. */
function uniquePositions(pieces: readonly string[]): Map<string, number> {
  const positions = new Map<string, number>();
  const repeated = new Set<string>();
  let index = 0;
  for (const piece of pieces) {
    if (positions.has(piece)) repeated.add(piece);
    else positions.set(piece, index);
    index += piece.length;
  }
  for (const piece of repeated) positions.delete(piece);
  return positions;
}

/** The most anchors that are in order in the old text too; they come in order of the new one. */
function longestIncreasing(anchors: readonly Anchor[]): readonly Anchor[] {
  interface Chain {
    readonly anchor: Anchor;
    readonly before: Chain | undefined;
  }
  /** At n: of the chains of n + 1 anchors, the one that ends first. */
  const ends: Chain[] = [];
  for (const anchor of anchors) {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const end = ends[middle];
      if (end !== undefined && end.anchor.from < anchor.from) low = middle + 1;
      else high = middle;
    }
    ends[low] = { anchor, before: ends[low - 1] };
  }
  const longest: Anchor[] = [];
  for (let chain = ends.at(-1); chain !== undefined; chain = chain.before) longest.push(chain.anchor);
  return longest.toReversed();
}
