// Writes structs, by descending client and ascending clock, as one or more updates of bounded size.
import { ClockRanges } from './clock-ranges.ts';
import { encodeDeleteSet } from './delete-set.ts';
import { CONTENT } from './struct-reader.ts';
import type { UpdateParts } from './update-parts.ts';
import { varUints } from './var-uints.ts';

/** Longest varUint that we write. */
const NUMBER_BYTES = 8;
/** A section's three numbers, and a skip before its next structs. */
const SECTION_BYTES = 3 * NUMBER_BYTES + 1 + NUMBER_BYTES;
/** The number of sections, and an empty delete set. */
const PIECE_BYTES = NUMBER_BYTES + 1;
const NO_DELETES = Uint8Array.of(0);

interface Section {
  readonly client: number;
  readonly clock: number;
  next: number;
  structs: number;
  readonly chunks: Uint8Array[];
}

export class PieceWriter {
  readonly #maxBytes: number;
  #sections: Section[] = [];
  #size = PIECE_BYTES;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of structs that the current piece still takes. */
  get room(): number {
    return this.#maxBytes - this.#size - SECTION_BYTES;
  }

  /** Bytes of structs that an empty piece takes. */
  get capacity(): number {
    return this.#maxBytes - PIECE_BYTES - SECTION_BYTES;
  }

  get isPieceEmpty(): boolean {
    return this.#sections.length === 0;
  }

  /** Structs of one client with clocks `from` to `to`, in parts; a gap since the last ones becomes a skip. */
  write(client: number, from: number, to: number, structs: number, ...parts: UpdateParts): void {
    let section = this.#sections.at(-1);
    if (section?.client !== client) {
      section = { client, clock: from, next: from, structs: 0, chunks: [] };
      this.#sections.push(section);
      this.#size += SECTION_BYTES;
    }
    if (from > section.next) {
      const skip = varUints(CONTENT.skip, from - section.next);
      section.chunks.push(skip);
      section.structs++;
      this.#size += skip.length;
    }
    for (const part of parts) {
      section.chunks.push(part);
      this.#size += part.length;
    }
    section.structs += structs;
    section.next = to;
  }

  /** The piece so far, if it holds anything. What follows goes into the next one. */
  cut(): readonly UpdateParts[] {
    return this.isPieceEmpty ? [] : [this.#complete(NO_DELETES)];
  }

  /** The last pieces, with what is deleted at their end: by then every struct is there to be deleted. */
  *finish(deletes: ClockRanges): Generator<UpdateParts, void> {
    for (const deleteSet of encodeDeletes(deletes, this.#maxBytes)) {
      if (this.#size + deleteSet.length > this.#maxBytes) yield* this.cut();
      yield this.#complete(deleteSet);
    }
    yield* this.cut();
  }

  #complete(deleteSet: Uint8Array): UpdateParts {
    const piece = partsOf(this.#sections, deleteSet);
    this.#sections = [];
    this.#size = PIECE_BYTES;
    return piece;
  }
}

function partsOf(sections: readonly Section[], deleteSet: Uint8Array): UpdateParts {
  const parts = [varUints(sections.length)];
  for (const { structs, client, clock, chunks } of sections) {
    parts.push(varUints(structs, client, clock));
    for (const chunk of chunks) parts.push(chunk);
  }
  parts.push(deleteSet);
  return parts;
}

/** One encoded delete set, or several that together delete the same. */
function encodeDeletes(deletes: ClockRanges, maxBytes: number): Uint8Array[] {
  if (deletes.isEmpty) return [];
  const budget = maxBytes - PIECE_BYTES - NUMBER_BYTES;
  const whole = encodeDeleteSet(deletes);
  if (whole.length <= budget) return [whole];
  const sets: Uint8Array[] = [];
  // A range and, at worst, its client's header before it.
  const perPiece = Math.max(1, Math.floor(budget / (4 * NUMBER_BYTES)));
  let pairs = new Map<number, number[]>();
  let count = 0;
  for (const [client, flat] of deletes.entries()) {
    for (let i = 0; i < flat.length; i += 2 * perPiece) {
      const part = flat.slice(i, i + 2 * perPiece);
      if (count + part.length > 2 * perPiece) {
        sets.push(encodeDeleteSet(ClockRanges.of(pairs)));
        pairs = new Map();
        count = 0;
      }
      pairs.set(client, part);
      count += part.length;
    }
  }
  sets.push(encodeDeleteSet(ClockRanges.of(pairs)));
  return sets;
}
