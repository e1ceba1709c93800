// SnapshotCommits in the database: rows of `snapshots`, and which of them a document's `snapshot_id` names.
import { firstThinning, parseCursor, type SnapshotCommits, type SnapshotRow } from '@codesync/storage';
import { sql, type Kysely, type Selectable } from 'kysely';
import type { Database, DocumentsTable, SnapshotsTable } from './schema.ts';

/** Documents that one query of `thinnable` answers. */
const PAGE = 100;

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
          'snapshots.name',
        ])
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { id, cursor, bytes, created_at, name } = row;
      // Answering "none" here would serve the document as empty (R3).
      if (id === null || cursor === null || bytes === null || created_at === null) {
        throw new Error(`document ${document} names snapshot ${row.snapshot_id}, which has no row`);
      }
      return toSnapshotRow({ id, cursor, bytes, created_at, name });
    },

    // One statement. The update locks the document's row: a concurrent commit waits for it, then compares with the head
    // that the winner left (R4). A deleted document has no row to update, so nothing is inserted either.
    async commit(document, previous, row) {
      const inserted = await db
        .with('moved', (query) =>
          query
            .updateTable('documents')
            .set({ snapshot_id: row.id, thin_at: sql`least(thin_at, ${new Date(firstThinning(row.createdAt))})` })
            .where('id', '=', document)
            .where('snapshot_id', 'is not distinct from', previous ?? null)
            .returning('id'),
        )
        .insertInto('snapshots')
        .columns(['id', 'document_id', 'cursor', 'bytes', 'created_at', 'name'])
        .expression((query) =>
          query
            .selectFrom('moved')
            .select([
              sql<string>`${row.id}::uuid`.as('id'),
              'moved.id as document_id',
              sql<string>`${row.cursor}::text`.as('cursor'),
              sql<number>`${row.bytes}::integer`.as('bytes'),
              sql<Date>`${new Date(row.createdAt)}::timestamptz`.as('created_at'),
              sql<string | null>`${row.name ?? null}::text`.as('name'),
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
        .select(['id', 'cursor', 'bytes', 'created_at', 'name'])
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

    // Page by page, each from where the last one ended: the caller works in between, and what failed there is not answered again.
    async *thinnable(now) {
      let last: Pick<Selectable<DocumentsTable>, 'id' | 'thin_at'> | undefined;
      for (;;) {
        let query = db
          .selectFrom('documents')
          .where('thin_at', '<=', new Date(now))
          .select(['id', 'thin_at'])
          .orderBy('thin_at')
          .orderBy('id')
          .limit(PAGE);
        if (last !== undefined) {
          query = query.where(sql<boolean>`(thin_at, id) > (${last.thin_at}::timestamptz, ${last.id}::uuid)`);
        }
        const page = await query.execute();
        for (const { id } of page) yield id;
        last = page.at(-1);
        if (page.length < PAGE) return;
      }
    },

    // A row that is not the head never becomes it again, so reading the head in the same statement is enough.
    async prune(document, ids) {
      if (ids.length === 0) return [];
      const pruned = await db
        .deleteFrom('snapshots')
        .where('document_id', '=', document)
        .where('id', 'in', ids)
        .where('name', 'is', null)
        .where('id', 'is distinct from', db.selectFrom('documents').where('id', '=', document).select('snapshot_id'))
        .returning('id')
        .execute();
      return pruned.map(({ id }) => id);
    },

    async thinAgain(document, head, at) {
      await db
        .updateTable('documents')
        .set({ thin_at: at === undefined ? null : new Date(at) })
        .where('id', '=', document)
        .where('snapshot_id', 'is not distinct from', head ?? null)
        .execute();
    },

    // Two statements, so that the second sees a commit that the first had to wait for.
    async remove(document) {
      await db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('documents')
          .set({ snapshot_id: null, thin_at: null })
          .where('id', '=', document)
          .execute();
        await transaction.deleteFrom('snapshots').where('document_id', '=', document).execute();
      });
    },
  };
}

function toSnapshotRow(
  row: Pick<Selectable<SnapshotsTable>, 'id' | 'cursor' | 'bytes' | 'created_at' | 'name'>,
): SnapshotRow {
  const { id, bytes, name } = row;
  return {
    id,
    cursor: parseCursor(row.cursor),
    bytes,
    createdAt: row.created_at.getTime(),
    ...(name === null ? {} : { name }),
  };
}
