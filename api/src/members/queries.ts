// The members of a document, and changing them without two changes passing each other.
import { Failure, type DocumentId, type MemberResponse, type Role, type UserId } from '@codesync/contract';
import type { Database } from '@codesync/database';
import type { Kysely } from 'kysely';

/** Longest in first. */
export function listMembers(database: Kysely<Database>, document: DocumentId): Promise<MemberResponse[]> {
  return database
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['users.id as userId', 'users.email', 'users.name', 'members.role'])
    .where('document_id', '=', document)
    .orderBy('added_at')
    .orderBy('users.id')
    .execute();
}

/**
 * Runs `change` while nobody else changes this document's members: otherwise two owners who leave at once would leave it
 * without one. Rejects with `document_not_found` when it went to the trash in the meantime.
 */
export function changeMembers<T>(
  database: Kysely<Database>,
  document: DocumentId,
  change: (transaction: Kysely<Database>, members: readonly MemberResponse[]) => Promise<T>,
): Promise<T> {
  return database.transaction().execute(async (transaction) => {
    const locked = await transaction
      .selectFrom('documents')
      .select('id')
      .where('id', '=', document)
      .where('deleted_at', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (locked === undefined) throw new Failure('document_not_found');
    return change(transaction, await listMembers(transaction, document));
  });
}

/** Adds a member, or gives one another role. */
export async function putMember(
  transaction: Kysely<Database>,
  member: { document: DocumentId; user: UserId; role: Role; at: Date },
): Promise<void> {
  const { document, user, role, at } = member;
  await transaction
    .insertInto('members')
    .values({ document_id: document, user_id: user, role, added_at: at })
    .onConflict((conflict) => conflict.columns(['document_id', 'user_id']).doUpdateSet({ role }))
    .execute();
}

export async function removeMember(transaction: Kysely<Database>, document: DocumentId, user: UserId): Promise<void> {
  await transaction.deleteFrom('members').where('document_id', '=', document).where('user_id', '=', user).execute();
}
