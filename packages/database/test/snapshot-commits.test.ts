// SnapshotCommits in both databases: the contract, and what only a database has (rows that refer to each other, transactions, locks).
import { newDocumentId, newSnapshotId } from '@codesync/contract';
import { createSnapshotCommits, type OpenDatabase } from '@codesync/database';
import { parseCursor, type SnapshotCommits, type SnapshotRow } from '@codesync/storage';
import { snapshotCommitsContract } from '@codesync/storage/contracts';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backends, OPENING, type Backend } from './backends.ts';
import { insertDocument, NOW } from './rows.ts';

const newRow = (): SnapshotRow => ({ id: newSnapshotId(), cursor: parseCursor('5-0'), bytes: 9, createdAt: NOW });

describe.each(backends)('$name', ({ name, open }) => {
  let backend: Backend;
  let database: OpenDatabase;
  let commits: SnapshotCommits;
  let other: SnapshotCommits;
  beforeAll(async () => {
    backend = await open();
    database = backend.database;
    commits = createSnapshotCommits(database.db);
    other = createSnapshotCommits(backend.other.db);
  }, OPENING);
  afterAll(() => backend.close(), OPENING);

  snapshotCommitsContract(name, async () => ({
    commits,
    other,
    newDocument: () => insertDocument(database.db),
    close: async () => {},
  }));

  it('a commit for a document that was deleted answers false and leaves no row', async () => {
    const document = await insertDocument(database.db);
    const head = newRow();
    await commits.commit(document, undefined, head);
    await database.db.deleteFrom('documents').where('id', '=', document).execute();

    expect(await commits.commit(document, head.id, newRow())).toBe(false);
    expect(await commits.commit(newDocumentId(), undefined, newRow())).toBe(false);
    expect(await commits.head(document)).toBeUndefined();
    expect(await commits.list(document, 10)).toEqual([]);
  });

  it('R4: a commit in the middle of a deletion waits for it, answers false and throws nothing', async () => {
    for (let round = 0; round < 20; round++) {
      const document = await insertDocument(database.db);
      const [, committed] = await Promise.all([
        database.db.deleteFrom('documents').where('id', '=', document).execute(),
        other.commit(document, undefined, newRow()),
      ]);
      expect(committed).toBeTypeOf('boolean');
      expect(await commits.list(document, 10)).toEqual([]);
    }
  });

  it('forgetting all rows while another task commits leaves none without its head', async () => {
    for (let round = 0; round < 20; round++) {
      const document = await insertDocument(database.db);
      await Promise.all([commits.remove(document), other.commit(document, undefined, newRow())]);
      const head = await commits.head(document);
      expect(await commits.list(document, 10)).toEqual(head === undefined ? [] : [head]);
    }
  });

  it('R3: a document that names a snapshot without a row is an error, never "no snapshot"', async () => {
    const document = await insertDocument(database.db);
    const head = newRow();
    await commits.commit(document, undefined, head);
    await database.db.deleteFrom('snapshots').where('id', '=', head.id).execute();
    await expect(commits.head(document)).rejects.toThrow(head.id);
  });

  it('a row that is named while it is pruned is either named or gone, never both', async () => {
    for (let round = 0; round < 20; round++) {
      const document = await insertDocument(database.db);
      const [old, head] = [newRow(), newRow()];
      await commits.commit(document, undefined, old);
      await commits.commit(document, old.id, head);
      const [[named], pruned] = await Promise.all([
        database.db.updateTable('snapshots').set({ name: 'kept' }).where('id', '=', old.id).execute(),
        other.prune(document, [old.id]),
      ]);
      expect(named?.numUpdatedRows).toBe(pruned.length === 0 ? 1n : 0n);
      const left = await commits.list(document, 10);
      expect(left).toEqual(pruned.length === 0 ? [head, { ...old, name: 'kept' }] : [head]);
    }
  });

  it('what is thinnable is found through its index, however many documents there are', async () => {
    const document = await insertDocument(database.db);
    await sql`
      insert into documents (id, title, language, created_by, created_at, updated_at)
      select gen_random_uuid(), title, language, created_by, created_at, updated_at
      from documents, generate_series(1, 5000) where id = ${document}
    `.execute(database.db);
    await sql`analyze documents`.execute(database.db);
    const plan = await sql<Record<string, string>>`
      explain select id, thin_at from documents where thin_at <= now() and (thin_at, id) > (now(), gen_random_uuid())
      order by thin_at, id limit 100
    `.execute(database.db);
    const text = plan.rows.map((row) => Object.values(row).join()).join('\n');
    expect(text).toContain('documents_thin_at');
    expect(text).not.toMatch(/Seq Scan|Sort/);
  });

  it('a failing database is an error, never "refused"', async () => {
    const document = await insertDocument(database.db);
    await expect(commits.commit(document, undefined, { ...newRow(), bytes: 2 ** 40 })).rejects.toThrow(/integer/);
    expect(await commits.head(document)).toBeUndefined();
  });
});
