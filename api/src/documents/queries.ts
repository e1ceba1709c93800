// Documents as one person sees them.
import type { DocumentId, DocumentResponse, Role, UserId } from '@codesync/contract';
import type { Database } from '@codesync/database';
import type { Kysely, Selectable } from 'kysely';

export interface FoundDocument {
  readonly id: DocumentId;
  readonly title: string;
  readonly language: string;
  /** Of the one who asks; null for a stranger. */
  readonly role: Role | null;
  readonly ownerId: UserId;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Set while in the trash. */
  readonly deletedAt: Date | null;
}

/** A document of which the one who asks is a member. */
export interface Document extends FoundDocument {
  readonly role: Role;
}

/** Every document there is, with the role that `user` has in it, if any. */
export function documentsSeenBy(database: Kysely<Database>, user: UserId) {
  return database
    .selectFrom('documents')
    .leftJoin('members as mine', (join) =>
      join.onRef('mine.document_id', '=', 'documents.id').on('mine.user_id', '=', user),
    )
    .select((select) => [
      'documents.id as id',
      'title',
      'language',
      'mine.role as role',
      'created_at as createdAt',
      'updated_at as updatedAt',
      'deleted_at as deletedAt',
      // Who made it, while they own it: of several owners one has to be named.
      select
        .selectFrom('members')
        .select('members.user_id')
        .whereRef('members.document_id', '=', 'documents.id')
        .where('members.role', '=', 'owner')
        .orderBy((owner) => owner('members.user_id', '=', owner.ref('documents.created_by')), 'desc')
        .orderBy('added_at')
        .orderBy('members.user_id')
        .limit(1)
        .$asScalar()
        .$notNull()
        .as('ownerId'),
    ]);
}

export function findDocument(
  database: Kysely<Database>,
  id: DocumentId,
  user: UserId,
): Promise<FoundDocument | undefined> {
  return documentsSeenBy(database, user).where('documents.id', '=', id).executeTakeFirst();
}

/** A new document and its first owner. Run it in a transaction: one without the other must not be. */
export async function insertDocument(
  transaction: Kysely<Database>,
  document: Pick<Document, 'id' | 'title' | 'language' | 'ownerId' | 'createdAt'>,
): Promise<void> {
  const { id, title, language, ownerId, createdAt } = document;
  await transaction
    .insertInto('documents')
    .values({
      id,
      title,
      language,
      created_by: ownerId,
      created_at: createdAt,
      updated_at: createdAt,
      deleted_at: null,
    })
    .execute();
  await transaction
    .insertInto('members')
    .values({ document_id: id, user_id: ownerId, role: 'owner', added_at: createdAt })
    .execute();
}

/** Title, language and the time of the edit; the trash has its own functions below. */
export async function updateDocument(
  database: Kysely<Database>,
  id: DocumentId,
  change: Partial<Pick<Selectable<Database['documents']>, 'title' | 'language' | 'updated_at'>>,
): Promise<void> {
  await database.updateTable('documents').set(change).where('id', '=', id).execute();
}

/** To the trash. One that is there keeps the time at which it came there. */
export async function trashDocument(database: Kysely<Database>, id: DocumentId, at: Date): Promise<void> {
  await database
    .updateTable('documents')
    .set({ deleted_at: at })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .execute();
}

export async function restoreDocument(database: Kysely<Database>, id: DocumentId): Promise<void> {
  await database.updateTable('documents').set({ deleted_at: null }).where('id', '=', id).execute();
}

/** The row for good; members and snapshot rows go with it. */
export async function deleteDocumentRow(database: Kysely<Database>, id: DocumentId): Promise<void> {
  await database.deleteFrom('documents').where('id', '=', id).execute();
}

export function toResponse(document: Document): DocumentResponse {
  return {
    id: document.id,
    title: document.title,
    language: document.language,
    role: document.role,
    ownerId: document.ownerId,
    createdAt: document.createdAt.toISOString(),
    updatedAt: document.updatedAt.toISOString(),
    ...(document.deletedAt === null ? {} : { deletedAt: document.deletedAt.toISOString() }),
  };
}
