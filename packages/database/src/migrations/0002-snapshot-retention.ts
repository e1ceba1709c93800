// Names of snapshots, and when a document may next have snapshots to thin.
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('snapshots').addColumn('name', 'text').execute();

  // Null for nearly all documents: those that nobody edited since they were thinned cost retention nothing.
  await db.schema
    .alterTable('documents')
    .addColumn('thin_at', sql`timestamptz(3)`)
    .execute();
  await sql`update documents set thin_at = now() where snapshot_id is not null`.execute(db);
  await db.schema
    .createIndex('documents_thin_at')
    .on('documents')
    .columns(['thin_at', 'id'])
    .where(sql.ref('thin_at'), 'is not', null)
    .execute();
}
