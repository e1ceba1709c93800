// Cuts one struct into slices that are structs themselves, as Yjs does when a peer has its beginning.
import * as encoding from 'lib0/encoding';
import { ByteReader } from './byte-reader.ts';
import { CONTENT, INFO, type StructReader } from './struct-reader.ts';
import type { UpdateParts } from './update-parts.ts';
import { utf16Length } from './utf8.ts';
import { varUints } from './var-uints.ts';

export interface Slice {
  readonly parts: UpdateParts;
  /** In clocks. */
  readonly length: number;
}

/** Room for the varUint that says how long a slice's content is. */
const LENGTH_BYTES = 5;

/** U+FFFD in UTF-8: what Yjs puts where a cut went through a surrogate pair. */
const REPLACEMENT = Uint8Array.of(0xef, 0xbf, 0xbd);

export class StructSlicer {
  readonly #structs: StructReader;
  readonly #update: Uint8Array;
  /** Clocks of the struct that are behind. */
  #offset = 0;
  /** Where in the update the content that is ahead begins; strings and elements only. */
  #position = 0;
  /** The low half of a surrogate pair that `#offset` went through is ahead. */
  #half = false;
  /** A string of single bytes: clocks and bytes are the same. */
  readonly #isAscii: boolean;

  /** Of the current struct of a reader, without its first `offset` clocks. The reader must stay where it is. */
  constructor(structs: StructReader, offset: number) {
    this.#structs = structs;
    this.#update = structs.reader.bytes;
    const content = new ByteReader(this.#update, structs.contentStart);
    // A string's bytes, or a number of elements.
    const count = content.readVarUint();
    this.#isAscii = structs.content === CONTENT.string && count === structs.length;
    this.#position = content.position;
    if (this.#isAscii) this.#position += offset;
    else if (structs.content === CONTENT.string) this.#skipUnits(offset);
    else if (this.#hasElements()) for (let i = 0; i < offset; i++) this.#nextElement();
    this.#offset = offset;
  }

  get done(): boolean {
    return this.#offset === this.#structs.length;
  }

  /** The next slice, of at most `maxBytes` unless it is `indivisible` and must be taken nevertheless; undefined when nothing fits. */
  take(maxBytes: number, indivisible: boolean): Slice | undefined {
    const head = this.#head();
    const budget = maxBytes - head.length - LENGTH_BYTES;
    if (this.#structs.content === CONTENT.string) return this.#takeText(head, budget, indivisible);
    if (this.#hasElements()) return this.#takeElements(head, budget, indivisible);
    const { content, contentStart, end } = this.#structs;
    // No content but a length: never too large.
    if (content === CONTENT.gc || content === CONTENT.deleted) return this.#slice(head, this.#ahead, this.#ahead, []);
    const rest = this.#update.subarray(contentStart, end);
    if (rest.length > budget && !indivisible) return undefined;
    this.#offset += 1;
    return { parts: [head, rest], length: 1 };
  }

  get #ahead(): number {
    return this.#structs.length - this.#offset;
  }

  #hasElements(): boolean {
    return this.#structs.content === CONTENT.any || this.#structs.content === CONTENT.json;
  }

  /** All that precedes the content: as it is, or with the clock before the slice as origin. */
  #head(): Uint8Array {
    const { structs, update, offset } = { structs: this.#structs, update: this.#update, offset: this.#offset };
    if (offset === 0 || structs.content === CONTENT.gc) return update.subarray(structs.start, structs.contentStart);
    const encoder = encoding.createEncoder();
    encoding.writeUint8(encoder, structs.info | INFO.origin);
    encoding.writeVarUint(encoder, structs.client);
    encoding.writeVarUint(encoder, structs.clock + offset - 1);
    encoding.writeUint8Array(encoder, update.subarray(structs.rightStart, structs.rightEnd));
    return encoding.toUint8Array(encoder);
  }

  #takeText(head: Uint8Array, budget: number, indivisible: boolean): Slice | undefined {
    const { end } = this.#structs;
    const start = this.#position;
    const prefix = this.#half ? REPLACEMENT : EMPTY;
    if (budget < prefix.length && !indivisible) return undefined;
    let cut = Math.min(end, start + Math.max(0, budget - prefix.length));
    // Back to the beginning of a character, so never inside a surrogate pair.
    while (cut > start && cut < end && isContinuation(this.#update[cut])) cut--;
    if (cut === start && prefix.length === 0) {
      if (!indivisible) return undefined;
      do cut++;
      while (cut < end && isContinuation(this.#update[cut]));
    }
    const text = this.#update.subarray(start, cut);
    this.#position = cut;
    this.#half = false;
    const clocks = prefix.length / REPLACEMENT.length + (this.#isAscii ? text.length : utf16Length(text));
    return this.#slice(head, prefix.length + text.length, clocks, [prefix, text]);
  }

  #takeElements(head: Uint8Array, budget: number, indivisible: boolean): Slice | undefined {
    const start = this.#position;
    let cut = start;
    let count = 0;
    while (count < this.#ahead) {
      this.#nextElement();
      if (this.#position - start > budget && (count > 0 || !indivisible)) break;
      cut = this.#position;
      count++;
    }
    this.#position = cut;
    if (count === 0) return undefined;
    return this.#slice(head, count, count, [this.#update.subarray(start, cut)]);
  }

  #slice(head: Uint8Array, contentLength: number, clocks: number, content: Uint8Array[]): Slice {
    this.#offset += clocks;
    return { parts: [head, varUints(contentLength), ...content], length: clocks };
  }

  #nextElement(): void {
    const reader = new ByteReader(this.#update, this.#position);
    if (this.#structs.content === CONTENT.any) reader.skipAny();
    else reader.skipBytes();
    this.#position = reader.position;
  }

  #skipUnits(offset: number): void {
    let skipped = 0;
    while (skipped < offset) {
      const lead = this.#update[this.#position] ?? 0;
      this.#position += lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      skipped += lead < 0xf0 ? 1 : 2;
    }
    this.#half = skipped > offset;
  }
}

const EMPTY = new Uint8Array(0);

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
