// Bytes in parts that follow each other. Put together once, or not at all: an encoder that grows copies a large document again and again.

/**
 * An update, or its frame, in parts, the large ones views into what the document is made of. They leave as they are: of a large
 * document each copy is new memory, and the garbage collector stops everyone for it.
 */
export type UpdateParts = readonly Uint8Array[];

/** What is smaller is copied faster than it is handed on. */
const SMALL = 4 * 1024;

export function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(byteLength(parts));
  let position = 0;
  for (const part of parts) {
    bytes.set(part, position);
    position += part.byteLength;
  }
  return bytes;
}

export function byteLength(parts: readonly Uint8Array[]): number {
  let length = 0;
  for (const part of parts) length += part.byteLength;
  return length;
}

/** The same bytes in fewer parts: small ones that follow each other are put together. */
export function withoutSmallParts(parts: UpdateParts): UpdateParts {
  const fewer: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = (): void => {
    if (small.length > 0) fewer.push(concatenate(small));
    small = [];
  };
  for (const part of parts) {
    if (part.byteLength < SMALL) {
      small.push(part);
      continue;
    }
    flush();
    fewer.push(part);
  }
  flush();
  return fewer;
}
