// SnapshotCommits in the database: rows of `snapshots`, and which of them a document's `snapshot_id` names.
import { parseCursor, type SnapshotCommits, type SnapshotRow } from '@codesync/storage';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { Database, SnapshotsTable } from './schema.ts';

export function createSnapshotCommits(db: Kysely<Database>): SnapshotCommits {
  return {
    async head(document) {
      const row = await db
        .selectFrom('documents')
        .leftJoin('snapshots', 'snapshots.id', 'documents.snapshot_id')
        .where('documents.id', '=', document)
        .where('documents.snapshot_id', 'is not', null)
        .select([
          'documents.snapshot_id',
          'snapshots.id',
          'snapshots.cursor',
          'snapshots.bytes',
          'snapshots.created_at',
        ])
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { id, cursor, bytes, created_at } = row;
      // Answering "none" here would serve the document as empty (R3).
      if (id === null || cursor === null || bytes === null || created_at === null) {
        throw new Error(`document ${document} names snapshot ${row.snapshot_id}, which has no row`);
      }
      return toSnapshotRow({ id, cursor, bytes, created_at });
    },

    // One statement. The update locks the document's row: a concurrent commit waits for it, then compares with the head
    // that the winner left (R4). A deleted document has no row to update, so nothing is inserted either.
    async commit(document, previous, row) {
      const inserted = await db
        .with('moved', (query) =>
          query
            .updateTable('documents')
            .set({ snapshot_id: row.id })
            .where('id', '=', document)
            .where('snapshot_id', 'is not distinct from', previous ?? null)
            .returning('id'),
        )
        .insertInto('snapshots')
        .columns(['id', 'document_id', 'cursor', 'bytes', 'created_at'])
        .expression((query) =>
          query
            .selectFrom('moved')
            .select([
              sql<string>`${row.id}::uuid`.as('id'),
              'moved.id as document_id',
              sql<string>`${row.cursor}::text`.as('cursor'),
              sql<number>`${row.bytes}::integer`.as('bytes'),
              sql<Date>`${new Date(row.createdAt)}::timestamptz`.as('created_at'),
            ]),
        )
        .returning('id')
        .execute();
      return inserted.length === 1;
    },

    async list(document, limit, before) {
      let query = db
        .selectFrom('snapshots')
        .where('document_id', '=', document)
        .select(['id', 'cursor', 'bytes', 'created_at'])
        .orderBy('position', 'desc')
        .limit(limit);
      if (before !== undefined) {
        const position = db
          .selectFrom('snapshots')
          .where('id', '=', before)
          .where('document_id', '=', document)
          .select('position');
        query = query.where('position', '<', position);
      }
      return (await query.execute()).map(toSnapshotRow);
    },

    // Two statements, so that the second sees a commit that the first had to wait for.
    async remove(document) {
      await db.transaction().execute(async (transaction) => {
        await transaction.updateTable('documents').set({ snapshot_id: null }).where('id', '=', document).execute();
        await transaction.deleteFrom('snapshots').where('document_id', '=', document).execute();
      });
    },
  };
}

function toSnapshotRow(row: Pick<Selectable<SnapshotsTable>, 'id' | 'cursor' | 'bytes' | 'created_at'>): SnapshotRow {
  return { id: row.id, cursor: parseCursor(row.cursor), bytes: row.bytes, createdAt: row.created_at.getTime() };
}
