// Where a page of the list ended, as text that means nothing to others.
import { DocumentId } from '@codesync/contract';
import { z } from 'zod';

export interface ListCursor {
  readonly updatedAt: Date;
  readonly id: DocumentId;
}

/** Milliseconds since the epoch, of years that both JavaScript and Postgres know, and the last document. */
const Position = z.tuple([
  z
    .int()
    .min(0)
    .max(Date.UTC(9999, 11, 31)),
  DocumentId,
]);

export function encodeCursor({ updatedAt, id }: ListCursor): string {
  return Buffer.from(JSON.stringify([updatedAt.getTime(), id])).toString('base64url');
}

/** undefined for anything that `encodeCursor` did not write. */
export function decodeCursor(text: string): ListCursor | undefined {
  const position = Position.safeParse(parseJson(Buffer.from(text, 'base64url').toString()));
  return position.success ? { updatedAt: new Date(position.data[0]), id: position.data[1] } : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
