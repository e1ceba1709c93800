// A document's state as the object in which it is kept: compressed, and with a checksum.
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { decodeState, type DocumentState } from './document-state.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** Without a checksum a flipped bit decompresses to another text (R3). */
const CHECKED = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/**
 * What is expected to come out comes in one piece of at most so many bytes. Pieces of zlib's own size are put together on the relay's
 * thread, and of a large document that takes as long as many keystrokes. The memory is taken only as it is filled.
 */
const PIECE_BYTES = { least: 16 * 1024, most: 32 * 1024 * 1024 } as const;

/** Of its size: text becomes less than a quarter. */
const COMPRESSED = 1 / 4;

/** Of the bytes of its update: a state with its summaries is no larger, or comes in two pieces. */
const WITH_SUMMARIES = 9 / 8;

/** A state's buffer of this size, in bytes, is its own: nothing else lies in it. */
const LARGE = 1024 * 1024;

/** The state is handed over: nothing of it is to be used any more. */
export async function sealState({ encoded }: DocumentState): Promise<Uint8Array> {
  const object = await compress(encoded, { ...CHECKED, ...inOnePiece(encoded.byteLength * COMPRESSED) });
  // Left to the garbage collector, a large document's memory would bring it on, and it stops everyone.
  if (encoded.byteLength >= LARGE && encoded.buffer instanceof ArrayBuffer) encoded.buffer.transfer(0);
  return object;
}

/** `bytes`: of its update, about. Rejects on anything that `sealState` did not write, and on what has changed since (R3). */
export async function unsealState(object: Uint8Array, bytes: number): Promise<DocumentState> {
  return decodeState(await decompress(object, inOnePiece(bytes * WITH_SUMMARIES)));
}

function inOnePiece(bytes: number): { readonly chunkSize: number } {
  const room = PIECE_BYTES.least + Math.ceil(bytes);
  return { chunkSize: Math.min(room, PIECE_BYTES.most) };
}
