// DocumentAccess in the database: one query a question.
import type { DocumentAccess } from '@codesync/storage';
import { sql, type Kysely } from 'kysely';
import type { Database } from './schema.ts';

export function createDocumentAccess(db: Kysely<Database>): DocumentAccess {
  return {
    async find(document, user) {
      const row = await db
        .selectFrom('documents')
        .leftJoin('members', (join) =>
          join.onRef('members.document_id', '=', 'documents.id').on('members.user_id', '=', user),
        )
        .leftJoin('users', 'users.id', 'members.user_id')
        .where('documents.id', '=', document)
        // In the trash it is not found for its owners either: they read it through the API, never through a socket.
        .where('documents.deleted_at', 'is', null)
        .select(['documents.generation', 'members.role', 'users.id', 'users.name'])
        .executeTakeFirst();
      if (row === undefined) return { kind: 'not-found' };
      const { role, id, name, generation } = row;
      if (role === null || id === null || name === null) return { kind: 'no-access' };
      return { kind: 'granted', role, user: { id, name }, generation };
    },

    // Tasks report out of order, and a list that jumps back in time would hide the newer edit.
    async touch(document, at) {
      const time = new Date(at);
      await db
        .updateTable('documents')
        .set({ updated_at: time })
        .where('id', '=', document)
        .where('updated_at', '<', time)
        .execute();
    },

    async check() {
      await sql`select 1`.execute(db);
    },
  };
}
