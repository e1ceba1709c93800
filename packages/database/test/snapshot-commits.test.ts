// SnapshotCommits in both databases: the contract, and what only a database has (rows that refer to each other, transactions, locks).
import { newDocumentId, newSnapshotId } from '@codesync/contract';
import { createSnapshotCommits, type OpenDatabase } from '@codesync/database';
import { parseCursor, type SnapshotCommits, type SnapshotRow } from '@codesync/storage';
import { snapshotCommitsContract } from '@codesync/storage/contracts';
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

  it('a failing database is an error, never "refused"', async () => {
    const document = await insertDocument(database.db);
    await expect(commits.commit(document, undefined, { ...newRow(), bytes: 2 ** 40 })).rejects.toThrow(/integer/);
    expect(await commits.head(document)).toBeUndefined();
  });
});
