// Reads a request's body as text, bounded (R16) and without guessing at broken bytes.
import { Failure } from '@codesync/contract';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';

/** Room for any JSON that holds no document text, in bytes. */
export const JSON_BYTES = 1024 * 1024;

/** Throws `too_large` beyond `maxBytes`, and what `onBrokenBytes` gives when they are not UTF-8. A byte order mark is dropped. */
export async function readText(c: Context, maxBytes: number, onBrokenBytes: () => Failure): Promise<string> {
  let bytes = new ArrayBuffer(0);
  const bounded = bodyLimit({ maxSize: maxBytes, onError: () => tooLarge(maxBytes) });
  await bounded(c, async () => {
    bytes = await c.req.arrayBuffer();
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw onBrokenBytes();
    throw error;
  }
}

function tooLarge(maxBytes: number): never {
  throw new Failure('too_large', { detail: `The body has more than ${maxBytes} bytes.` });
}
