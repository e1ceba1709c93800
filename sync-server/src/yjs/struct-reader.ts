// Walks the structs of a Yjs v1 update one by one, checking each, without creating an object for it.
//
//   update:  varUint sections, then each section, then the delete set
//   section: varUint structs, varUint client, varUint clock of the first, then each struct; clients strictly descending
//   struct:  byte info (low five bits: content, then: has parent key, has right origin, has origin)
//            GC, Skip: varUint length
//            item: [origin id] [right origin id] [parent, key: only if there is neither origin] content
import { ByteReader } from './byte-reader.ts';
import { MalformedUpdate } from './malformed-update.ts';

/** Low five bits of a struct's first byte. */
export const CONTENT = {
  gc: 0,
  deleted: 1,
  json: 2,
  binary: 3,
  string: 4,
  embed: 5,
  format: 6,
  type: 7,
  any: 8,
  doc: 9,
  skip: 10,
} as const;

export const INFO = { content: 0b11111, parentKey: 0x20, rightOrigin: 0x40, origin: 0x80 } as const;

/** Y.Array, Map, Text, XmlElement, XmlFragment, XmlHook, XmlText; these two have a name. */
const TYPES = 7;
const XML_ELEMENT = 3;
const XML_HOOK = 5;

/** What Yjs writes of a sub-document's options. Others would be spread over its constructor's: a `guid` there breaks whoever re-encodes it. */
const SUBDOCUMENT_OPTIONS = new Set(['gc', 'autoLoad', 'meta']);

/** Structs of one client that follow each other, and have been read before. */
interface Walked {
  readonly update: Uint8Array;
  /** Byte offset of the first. */
  readonly start: number;
  readonly client: number;
  /** Clocks, `to` exclusive. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export class StructReader {
  readonly reader: ByteReader;

  // The current struct. Positions are byte offsets into the update.
  client = 0;
  clock = 0;
  length = 0;
  info = 0;
  start = 0;
  /** Of the encoded right origin, if there is one: from here to `rightEnd`. */
  rightStart = 0;
  rightEnd = 0;
  contentStart = 0;
  /** Inserted text so far held a \r. */
  carriageReturns = false;
  /** Is called with each struct that one refers to: its neighbours when it was written, or its parent. */
  referred: ((client: number, clock: number) => void) | undefined;

  #sections: number;
  #structs = 0;
  #client = Infinity;
  /** The length of the only struct. */
  #known: number | undefined;

  constructor(update: Uint8Array) {
    this.reader = new ByteReader(update);
    this.#sections = this.reader.readCount(3);
  }

  /** Only the structs of one run that has been walked before. */
  static within({ update, start, client, from, to, count }: Walked): StructReader {
    const structs = new StructReader(update);
    structs.reader.position = start;
    structs.#sections = 0;
    structs.#structs = count;
    // Megabytes in one struct, as a text that was pasted is, are not counted once more.
    if (count === 1) structs.#known = to - from;
    structs.client = client;
    structs.clock = from;
    return structs;
  }

  get content(): number {
    return this.info & INFO.content;
  }

  /** Byte offset after the current struct; after the last one the delete set begins. */
  get end(): number {
    return this.reader.position;
  }

  /** To the next struct; false when there is none. */
  next(): boolean {
    this.clock += this.length;
    while (this.#structs === 0) {
      if (this.#sections === 0) return false;
      this.#sections--;
      this.#readSection();
    }
    this.#structs--;
    this.#readStruct();
    if (this.clock + this.length > Number.MAX_SAFE_INTEGER) throw new MalformedUpdate('a clock is out of range');
    return true;
  }

  #readSection(): void {
    const { reader } = this;
    this.#structs = reader.readCount(2);
    this.client = reader.readVarUint();
    this.clock = reader.readVarUint();
    this.length = 0;
    // Yjs' own readers lose structs of a client that comes twice, or out of order.
    if (this.client >= this.#client) throw new MalformedUpdate('clients are not in order');
    this.#client = this.client;
  }

  #readStruct(): void {
    const { reader } = this;
    this.start = reader.position;
    this.info = reader.readByte();
    const { content, info } = this;
    if (content === CONTENT.gc || content === CONTENT.skip) {
      if (info !== content) throw new MalformedUpdate('a struct without content has flags');
      this.contentStart = reader.position;
      this.length = reader.readVarUint();
    } else {
      if ((info & INFO.origin) !== 0) this.#readId();
      this.rightStart = reader.position;
      if ((info & INFO.rightOrigin) !== 0) this.#readId();
      this.rightEnd = reader.position;
      if ((info & (INFO.origin | INFO.rightOrigin)) === 0) {
        if (reader.readVarUint() === 1) reader.skipString();
        else this.#readId();
        if ((info & INFO.parentKey) !== 0) reader.skipString();
      }
      this.contentStart = reader.position;
      this.length = this.#readContent(content);
    }
    if (this.length === 0 && content !== CONTENT.skip) throw new MalformedUpdate('a struct is empty');
  }

  /** A struct may only refer to what its client made before it: Yjs looks it up without asking whether it is there. */
  #readId(): void {
    const client = this.reader.readVarUint();
    const clock = this.reader.readVarUint();
    if (client === this.client && clock >= this.clock) throw new MalformedUpdate('a struct refers to a later one');
    this.referred?.(client, clock);
  }

  /** Skips the content; its length in clocks. */
  #readContent(content: number): number {
    const { reader } = this;
    switch (content) {
      case CONTENT.deleted:
        return reader.readVarUint();
      case CONTENT.string: {
        if (this.#known !== undefined) {
          reader.skipBytes();
          return this.#known;
        }
        const units = reader.measureString();
        if (units >= 0) return units;
        this.carriageReturns = true;
        return -1 - units;
      }
      case CONTENT.any: {
        const count = reader.readCount(1);
        for (let i = 0; i < count; i++) reader.skipAny();
        return count;
      }
      case CONTENT.json: {
        const count = reader.readCount(1);
        for (let i = 0; i < count; i++) reader.skipJson(true);
        return count;
      }
      case CONTENT.binary:
        reader.skipBytes();
        return 1;
      case CONTENT.embed:
        reader.skipJson();
        return 1;
      case CONTENT.format:
        reader.skipString();
        reader.skipJson();
        return 1;
      case CONTENT.type:
        this.#skipType();
        return 1;
      case CONTENT.doc:
        this.#skipDocument();
        return 1;
      default:
        throw new MalformedUpdate('a struct has no known content');
    }
  }

  #skipType(): void {
    const type = this.reader.readVarUint();
    if (type >= TYPES) throw new MalformedUpdate('a shared type is unknown');
    if (type === XML_ELEMENT || type === XML_HOOK) this.reader.skipString();
  }

  #skipDocument(): void {
    const { reader } = this;
    reader.skipString();
    if (reader.readByte() !== 118) throw new MalformedUpdate('a sub-document has no options');
    const count = reader.readCount(2);
    for (let i = 0; i < count; i++) {
      if (!SUBDOCUMENT_OPTIONS.has(reader.readString()))
        throw new MalformedUpdate('a sub-document has foreign options');
      reader.skipAny(1);
    }
  }
}
