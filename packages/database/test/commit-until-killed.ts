// A process that commits to PGlite in a folder until it is killed. Says on stdout, a line each, what was acknowledged: kill-pglite.test.ts reads it.
import { DocumentId, newSnapshotId } from '@codesync/contract';
import { createSnapshotCommits, migrateToLatest, openPGlite } from '@codesync/database';
import { parseCursor } from '@codesync/storage';
import { randomBytes } from 'node:crypto';
import { argv, stdout } from 'node:process';
import { sql } from 'kysely';

const [, , folder = '', name = ''] = argv;
const document = DocumentId.parse(name);
const { db } = await openPGlite(folder);
await migrateToLatest(db);
const commits = createSnapshotCommits(db);

// Large enough rows that the write-ahead log goes through segments, checkpoints and their removal within a round.
await sql`create table if not exists ballast (text text)`.execute(db);
let head = (await commits.head(document))?.id;
for (let count = 0; ; count++) {
  await sql`insert into ballast values (${randomBytes(30_000).toString('base64')})`.execute(db);
  const row = { id: newSnapshotId(), cursor: parseCursor(`${count}-0`), bytes: count, createdAt: count };
  if (!(await commits.commit(document, head, row))) throw new Error('refused, and nobody else commits');
  head = row.id;
  await new Promise((said) => stdout.write(`${row.id}\n`, said));
}
