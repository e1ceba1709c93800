// People, their sessions, documents, who may do what with them, and the rows of saved states.
import { sql, type Kysely } from 'kysely';

// A migration never changes once it has run somewhere, while schema.ts moves on: hence no types from there.
export async function up(db: Kysely<unknown>): Promise<void> {
  // To the millisecond like a Date: a finer time would not come back as the same keyset cursor.
  const time = sql`timestamptz(3)`;

  await db.schema
    .createTable('users')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('created_at', time, (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('sessions')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('user_id', 'uuid', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('expires_at', time, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('sessions_user_id').on('sessions').column('user_id').execute();
  await db.schema.createIndex('sessions_expires_at').on('sessions').column('expires_at').execute();

  await db.schema
    .createTable('documents')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('created_by', 'uuid', (column) => column.notNull().references('users.id'))
    .addColumn('generation', 'uuid', (column) => column.notNull().defaultTo(sql`gen_random_uuid()`))
    .addColumn('created_at', time, (column) => column.notNull())
    .addColumn('updated_at', time, (column) => column.notNull())
    .addColumn('deleted_at', time)
    // No foreign key: snapshots refer to documents already, and a circle of two makes every order of deleting wrong.
    .addColumn('snapshot_id', 'uuid')
    .execute();
  // Newest edit first, one page after a keyset cursor, for people with many documents. Who has few is found through members.
  await db.schema.createIndex('documents_updated_at').on('documents').columns(['updated_at desc', 'id']).execute();

  await db.schema
    .createTable('members')
    .addColumn('document_id', 'uuid', (column) => column.notNull().references('documents.id').onDelete('cascade'))
    .addColumn('user_id', 'uuid', (column) => column.notNull().references('users.id').onDelete('cascade'))
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('added_at', time, (column) => column.notNull())
    .addPrimaryKeyConstraint('members_pkey', ['document_id', 'user_id'])
    .addCheckConstraint('members_role', sql`role in ('viewer', 'editor', 'owner')`)
    .execute();
  await db.schema.createIndex('members_user_id').on('members').column('user_id').execute();

  await db.schema
    .createTable('snapshots')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('document_id', 'uuid', (column) => column.notNull().references('documents.id').onDelete('cascade'))
    // The order of commits. Tasks' clocks differ, so created_at says when but not in which order.
    .addColumn('position', 'bigint', (column) => column.notNull().generatedAlwaysAsIdentity())
    .addColumn('cursor', 'text', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('created_at', time, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('snapshots_document_id').on('snapshots').columns(['document_id', 'position']).execute();
}
