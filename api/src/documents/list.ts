// A person's documents, page by page: newest edit first.
import { Failure, type DocumentFilter, type UserId } from '@codesync/contract';
import type { Database } from '@codesync/database';
import type { Kysely } from 'kysely';
import { decodeCursor, encodeCursor } from './list-cursor.ts';
import { documentsSeenBy, type Document } from './queries.ts';

export interface ListRequest {
  /** Part of the title, in any case; '' for all. */
  readonly q?: string | undefined;
  readonly filter: DocumentFilter;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export async function listDocuments(
  database: Kysely<Database>,
  user: UserId,
  request: ListRequest,
): Promise<{ documents: readonly Document[]; nextCursor: string | null }> {
  const { q = '', filter, limit, cursor } = request;
  let select = documentsSeenBy(database, user)
    .where('mine.role', 'is not', null)
    .where('deleted_at', filter === 'trash' ? 'is not' : 'is', null)
    .orderBy('updated_at', 'desc')
    .orderBy('documents.id')
    .limit(limit + 1);
  // The trash is its owners' own.
  if (filter === 'owned' || filter === 'trash') select = select.where('mine.role', '=', 'owner');
  if (filter === 'shared') select = select.where('mine.role', '<>', 'owner');
  if (q !== '') select = select.where('title', 'ilike', `%${literal(q)}%`);
  if (cursor !== undefined) {
    const after = decodeCursor(cursor);
    if (after === undefined) {
      throw new Failure('invalid', { errors: [{ path: 'cursor', message: 'That is not a cursor of this list.' }] });
    }
    select = select.where((is) =>
      is.or([
        is('updated_at', '<', after.updatedAt),
        is.and([is('updated_at', '=', after.updatedAt), is('documents.id', '>', after.id)]),
      ]),
    );
  }

  const rows = await select.$narrowType<{ role: Document['role'] }>().execute();
  const documents = rows.slice(0, limit);
  const last = documents.at(-1);
  return { documents, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(last) : null };
}

/** So that a pattern finds these characters themselves. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, String.raw`\$&`);
}
