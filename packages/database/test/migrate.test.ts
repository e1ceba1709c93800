// Migrations in both databases, and what the tables refuse.
import { startPostgres, type PostgresServer } from '@codesync/backends';
import { newUserId } from '@codesync/contract';
import { migrateToLatest, openPGlite, openPostgres, type OpenDatabase } from '@codesync/database';
import { silentLogger } from '@codesync/storage';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../src/migrations/index.ts';
import { OPENING } from './backends.ts';
import { insertDocument, insertUser, NOW } from './rows.ts';

const ALL = ['0001-accounts-documents-snapshots', '0002-snapshot-retention'];

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, OPENING);
afterAll(() => server.stop(), OPENING);

const backends = [
  { name: 'PGlite', open: () => openPGlite(undefined) },
  { name: 'Postgres', open: async () => openPostgres(await server.newDatabase(), silentLogger) },
] as const;

describe.each(backends)('$name', ({ open }) => {
  let database: OpenDatabase;
  beforeAll(async () => {
    database = await open();
  }, OPENING);
  afterAll(() => database.close(), OPENING);

  it('an empty database is brought up to date once; a second time there is nothing to do and the rows stay', async () => {
    expect(await migrateToLatest(database.db)).toEqual(ALL);
    const user = await insertUser(database.db);
    expect(await migrateToLatest(database.db)).toEqual([]);
    const users = await database.db.selectFrom('users').select('id').execute();
    expect(users).toEqual([{ id: user }]);
  });

  it('a time comes back as the millisecond that was stored, also through a comparison, as a keyset cursor needs', async () => {
    const document = await insertDocument(database.db);
    const time = new Date(NOW + 123);
    await database.db.updateTable('documents').set({ updated_at: time }).where('id', '=', document).execute();
    const found = await database.db
      .selectFrom('documents')
      .where('updated_at', '=', time)
      .select('updated_at')
      .execute();
    expect(found).toEqual([{ updated_at: time }]);
  });

  it('titles are searched without case beyond ASCII, and wild cards are text', async () => {
    await insertDocument(database.db, 'ÜBUNG 100% Ärger');
    const search = (text: string) =>
      database.db
        .selectFrom('documents')
        .where(sql<boolean>`strpos(lower(title), lower(${text})) > 0`)
        .select('title')
        .execute();
    expect(await search('übung')).toHaveLength(1);
    expect(await search('0% ä')).toHaveLength(1);
    expect(await search('0_')).toHaveLength(0);
  });

  it('a role that is none is refused', async () => {
    const document = await insertDocument(database.db);
    const user = await insertUser(database.db);
    const insert = sql`insert into members values (${document}, ${user}, 'admin', now())`.execute(database.db);
    await expect(insert).rejects.toMatchObject({ code: '23514', constraint: 'members_role' });
  });

  it('two accounts with one e-mail address are refused, also at the same time', async () => {
    const insert = () =>
      database.db
        .insertInto('users')
        .values({
          id: newUserId(),
          email: 'ada@example.org',
          name: 'Ada',
          password_hash: '',
          created_at: new Date(NOW),
        })
        .execute();
    const results = await Promise.allSettled([insert(), insert(), insert()]);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toEqual(Array(2).fill(expect.objectContaining({ code: '23505' })));
  });

  it('deleting a document takes its members and snapshots along, in one statement', async () => {
    const document = await insertDocument(database.db);
    const user = await insertUser(database.db);
    await sql`insert into members values (${document}, ${user}, 'owner', now())`.execute(database.db);
    await sql`
      insert into snapshots (id, document_id, cursor, bytes, created_at)
      values (gen_random_uuid(), ${document}, '1-0', 1, now())
    `.execute(database.db);
    await sql`update documents set snapshot_id = (select id from snapshots where document_id = ${document})`.execute(
      database.db,
    );
    await database.db.deleteFrom('documents').where('id', '=', document).execute();
    expect(await database.db.selectFrom('members').where('document_id', '=', document).selectAll().execute()).toEqual(
      [],
    );
    expect(await database.db.selectFrom('snapshots').selectAll().execute()).toEqual([]);
  });

  it('a page of the list is read from the index of the last edit, not sorted', async () => {
    const author = await insertUser(database.db);
    await sql`
      with made as (
        insert into documents (id, title, language, created_by, created_at, updated_at)
        select gen_random_uuid(), 'Notes', 'plaintext', ${author}, now(), now() - n * interval '1 minute'
        from generate_series(1, 5000) n returning id
      )
      insert into members select id, ${author}, 'owner', now() from made
    `.execute(database.db);
    await sql`analyze`.execute(database.db);
    const plan = await sql<Record<string, string>>`
      explain select d.id from documents d join members m on m.document_id = d.id and m.user_id = ${author}
      where d.deleted_at is null and (d.updated_at < now() or (d.updated_at = now() and d.id > gen_random_uuid()))
      order by d.updated_at desc, d.id limit 50
    `.execute(database.db);
    const text = plan.rows.map((row) => Object.values(row).join()).join('\n');
    expect(text).toContain('documents_updated_at');
    expect(text).not.toContain('Sort');
  });
});

it('on a server several processes migrate at the same time: one does it, the others wait and find it done', async () => {
  for (let round = 0; round < 5; round++) {
    const config = await server.newDatabase();
    const tasks = Array.from({ length: 4 }, () => openPostgres(config, silentLogger));
    const ran = await Promise.all(tasks.map((task) => migrateToLatest(task.db)));
    expect(ran.flat()).toEqual(ALL);
    await Promise.all(tasks.map((task) => task.close()));
  }
});

it('retention looks at documents that had snapshots before it was there, and at no others', async () => {
  const database = openPostgres(await server.newDatabase(), silentLogger);
  await migrations['0001-accounts-documents-snapshots']?.up(database.db);
  await sql`
    with author as (insert into users values (gen_random_uuid(), 'ada@example.org', 'Ada', '', now()) returning id)
    insert into documents (id, title, language, created_by, created_at, updated_at, snapshot_id)
    select gen_random_uuid(), title, 'plaintext', author.id, now(), now(), case title when 'saved' then author.id end
    from author, unnest(array['saved', 'empty']) title
  `.execute(database.db);
  await migrations['0002-snapshot-retention']?.up(database.db);
  const due = await database.db.selectFrom('documents').where('thin_at', '<=', new Date()).select('title').execute();
  expect(due).toEqual([{ title: 'saved' }]);
  await database.close();
});

it('a migration that cannot run rejects with the reason and leaves nothing behind', async () => {
  const database = openPostgres(await server.newDatabase(), silentLogger);
  await sql`create table documents (id integer)`.execute(database.db);
  await expect(migrateToLatest(database.db)).rejects.toThrow('relation "documents" already exists');
  const tables = await database.db.introspection.getTables();
  expect(tables.map((table) => table.name)).toEqual(['documents']);
  await database.close();
});
