// Rows for tests to start from.
import { newDocumentId, newUserId, type DocumentId, type Role, type UserId } from '@codesync/contract';
import type { Database } from '@codesync/database';
import type { Kysely } from 'kysely';

export const NOW = Date.UTC(2026, 0, 1);

export async function insertUser(db: Kysely<Database>, name = 'Ada'): Promise<UserId> {
  const id = newUserId();
  await db
    .insertInto('users')
    .values({ id, email: `${id}@example.org`, name, password_hash: 'none', created_at: new Date(NOW) })
    .execute();
  return id;
}

export async function insertDocument(db: Kysely<Database>, title = 'Notes'): Promise<DocumentId> {
  const id = newDocumentId();
  const created_by = await insertUser(db);
  await db
    .insertInto('documents')
    .values({
      id,
      title,
      language: 'plaintext',
      created_by,
      created_at: new Date(NOW),
      updated_at: new Date(NOW),
      deleted_at: null,
    })
    .execute();
  return id;
}

export async function insertMember(
  db: Kysely<Database>,
  document: DocumentId,
  user: UserId,
  role: Role,
): Promise<void> {
  await db
    .insertInto('members')
    .values({ document_id: document, user_id: user, role, added_at: new Date(NOW) })
    .execute();
}
