// Reads lib0's encodings out of bytes that nobody vouches for. Stricter than lib0, which gives NaN for long numbers and 0 beyond the end.
import { isUtf8 } from 'node:buffer';
import { MalformedUpdate } from './malformed-update.ts';
import { utf16Length } from './utf8.ts';

/** Arrays and objects inside each other. Far more than editors write, far less than overflows the stack of who reads them recursively. */
const MAX_NESTING = 500;

const CARRIAGE_RETURN = 0x0d;

/** In bytes: of a longer string Node's own functions take less time than looking at each byte. */
const LONG = 256;

// As lib0 decodes strings.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class ByteReader {
  readonly bytes: Uint8Array;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.bytes = bytes;
    this.position = position;
  }

  readByte(): number {
    const byte = this.bytes[this.position++];
    if (byte === undefined) throw new MalformedUpdate('it ends too early');
    return byte;
  }

  readVarUint(): number {
    let byte = this.readByte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    // 53 bits: eight groups of seven.
    for (let factor = 0x80; factor <= 2 ** 49; factor *= 0x80) {
      byte = this.readByte();
      value += (byte & 0x7f) * factor;
      if (byte >= 0x80) continue;
      if (value > Number.MAX_SAFE_INTEGER) break;
      return value;
    }
    throw new MalformedUpdate('a number is out of range');
  }

  /** A count of things that take at least `bytesEach`: never more than there can be. */
  readCount(bytesEach: number): number {
    const count = this.readVarUint();
    if (count * bytesEach > this.bytes.length - this.position) throw new MalformedUpdate('a count exceeds the bytes');
    return count;
  }

  skip(length: number): void {
    if (length > this.bytes.length - this.position) throw new MalformedUpdate('it ends too early');
    this.position += length;
  }

  skipBytes(): void {
    this.skip(this.readVarUint());
  }

  /** Skips a string; its length in UTF-16 units, negative (-1 - length) when it holds a \r. */
  measureString(): number {
    const length = this.readVarUint();
    const start = this.position;
    this.skip(length);
    const { bytes, position } = this;
    if (length > LONG) return measure(bytes.subarray(start, position));
    let units = 0;
    let ascii = true;
    let carriageReturn = false;
    for (let i = start; i < position; i++) {
      const byte = bytes[i] ?? 0;
      if (byte < 0x80) {
        units++;
        if (byte === CARRIAGE_RETURN) carriageReturn = true;
      } else {
        ascii = false;
        // A lead byte is one unit, of four bytes (astral) two.
        if (byte >= 0xc0) units += byte >= 0xf0 ? 2 : 1;
      }
    }
    if (!ascii && !isUtf8(bytes.subarray(start, position))) throw new MalformedUpdate('text is not UTF-8');
    return carriageReturn ? -1 - units : units;
  }

  skipString(): void {
    this.measureString();
  }

  readString(): string {
    const length = this.readVarUint();
    const start = this.position;
    this.skip(length);
    try {
      return utf8.decode(this.bytes.subarray(start, this.position));
    } catch {
      throw new MalformedUpdate('text is not UTF-8');
    }
  }

  /** JSON text. Yjs' array elements may also be the word undefined. */
  skipJson(orUndefined = false): void {
    const text = this.readString();
    if (orUndefined && text === 'undefined') return;
    if (nesting(text) > MAX_NESTING) throw new MalformedUpdate('JSON is nested too deep');
    try {
      JSON.parse(text);
    } catch {
      throw new MalformedUpdate('JSON is invalid');
    }
  }

  /** One value of lib0's `any` encoding. */
  skipAny(depth = 0): void {
    if (depth > MAX_NESTING) throw new MalformedUpdate('a value is nested too deep');
    const type = this.readByte();
    switch (type) {
      case 127: // undefined
      case 126: // null
      case 121: // false
      case 120: // true
        return;
      case 125:
        return this.#skipVarInt();
      case 124: // float32
        return this.skip(4);
      case 123: // float64
      case 122: // bigint
        return this.skip(8);
      case 119:
        return this.skipString();
      case 118: {
        const size = this.readCount(2);
        for (let i = 0; i < size; i++) {
          this.skipString();
          this.skipAny(depth + 1);
        }
        return;
      }
      case 117: {
        const size = this.readCount(1);
        for (let i = 0; i < size; i++) this.skipAny(depth + 1);
        return;
      }
      case 116:
        return this.skipBytes();
      default:
        throw new MalformedUpdate('a value is of no known type');
    }
  }

  #skipVarInt(): void {
    for (let i = 0; i < 8; i++) if (this.readByte() < 0x80) return;
    throw new MalformedUpdate('a number is out of range');
  }
}

/** As `measureString`. */
function measure(text: Uint8Array): number {
  if (!isUtf8(text)) throw new MalformedUpdate('text is not UTF-8');
  const units = utf16Length(text);
  return text.includes(CARRIAGE_RETURN) ? -1 - units : units;
}

/** How deep brackets go, those in strings not counted. At least right for valid JSON; for the rest JSON.parse decides. */
function nesting(json: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (quoted) {
      if (character === '\\') i++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}
