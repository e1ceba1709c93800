// DocumentAccess in both databases.
import { newDocumentId, newUserId } from '@codesync/contract';
import { createDocumentAccess, openPostgres } from '@codesync/database';
import { silentLogger, type DocumentAccess } from '@codesync/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backends, OPENING, type Backend } from './backends.ts';
import { insertDocument, insertMember, insertUser, NOW } from './rows.ts';

describe.each(backends)('$name', ({ open }) => {
  let backend: Backend;
  let access: DocumentAccess;
  beforeAll(async () => {
    backend = await open();
    access = createDocumentAccess(backend.database.db);
  }, OPENING);
  afterAll(() => backend.close(), OPENING);

  const updatedAt = async (document: string) => {
    const rows = await backend.database.db.selectFrom('documents').select(['id', 'updated_at']).execute();
    return rows.find((row) => row.id === document)?.updated_at.getTime();
  };

  it.each(['viewer', 'editor', 'owner'] as const)(
    'a member is granted their role, here %s, with their name',
    async (role) => {
      const { db } = backend.database;
      const document = await insertDocument(db);
      const user = await insertUser(db, 'Grace');
      await insertMember(db, document, user, role);
      await insertMember(db, document, await insertUser(db), 'owner');
      const { generation } = await db
        .selectFrom('documents')
        .where('id', '=', document)
        .select('generation')
        .executeTakeFirstOrThrow();

      expect(await access.find(document, user)).toEqual({
        kind: 'granted',
        role,
        user: { id: user, name: 'Grace' },
        generation,
      });
    },
  );

  it('R23: every document has a generation of its own', async () => {
    const { db } = backend.database;
    const user = await insertUser(db);
    const generations = new Set<string>();
    for (let index = 0; index < 3; index++) {
      const document = await insertDocument(db);
      await insertMember(db, document, user, 'viewer');
      const found = await access.find(document, user);
      if (found.kind === 'granted') generations.add(found.generation);
    }
    expect(generations.size).toBe(3);
  });

  it('a stranger has no access to a document that is there, and nobody finds one that is not', async () => {
    const document = await insertDocument(backend.database.db);
    const stranger = await insertUser(backend.database.db);
    expect(await access.find(document, stranger)).toEqual({ kind: 'no-access' });
    expect(await access.find(document, newUserId())).toEqual({ kind: 'no-access' });
    expect(await access.find(newDocumentId(), stranger)).toEqual({ kind: 'not-found' });
  });

  it('R14: who was removed has no access from then on, also for another task', async () => {
    const { db } = backend.database;
    const document = await insertDocument(db);
    const user = await insertUser(db);
    await insertMember(db, document, user, 'editor');
    await db.deleteFrom('members').where('user_id', '=', user).execute();
    expect(await createDocumentAccess(backend.other.db).find(document, user)).toEqual({ kind: 'no-access' });
  });

  it('a document in the trash is found by nobody, its owner included, until it is restored', async () => {
    const { db } = backend.database;
    const document = await insertDocument(db);
    const owner = await insertUser(db);
    await insertMember(db, document, owner, 'owner');
    const setDeletedAt = (deleted_at: Date | null) =>
      db.updateTable('documents').set({ deleted_at }).where('id', '=', document).execute();

    await setDeletedAt(new Date(NOW));
    expect(await access.find(document, owner)).toEqual({ kind: 'not-found' });
    expect(await access.find(document, await insertUser(db))).toEqual({ kind: 'not-found' });
    await setDeletedAt(null);
    expect(await access.find(document, owner)).toMatchObject({ kind: 'granted', role: 'owner' });
  });

  it('touching moves the time of the last edit forward, never back, and of this document alone', async () => {
    const document = await insertDocument(backend.database.db);
    const neighbour = await insertDocument(backend.database.db);
    await access.touch(document, NOW + 2_001);
    expect(await updatedAt(document)).toBe(NOW + 2_001);
    await access.touch(document, NOW + 1_000);
    expect(await updatedAt(document)).toBe(NOW + 2_001);
    expect(await updatedAt(neighbour)).toBe(NOW);
  });

  it('of edits reported at the same time by two tasks the latest stays', async () => {
    const document = await insertDocument(backend.database.db);
    const other = createDocumentAccess(backend.other.db);
    const times = Array.from({ length: 20 }, (_, index) => NOW + ((index * 7) % 20));
    await Promise.all(times.map((at, index) => (index % 2 === 0 ? access : other).touch(document, at)));
    expect(await updatedAt(document)).toBe(NOW + 19);
  });

  it('touching a document that is gone is no error', async () => {
    await access.touch(newDocumentId(), NOW);
  });

  it('a database that answers is checked without complaint', async () => {
    await access.check();
  });
});

it('R15: while the database is away every question rejects', async () => {
  const away = openPostgres(
    { host: '127.0.0.1', port: 1, database: 'none', username: 'none', password: 'none', ssl: false },
    silentLogger,
  );
  const access = createDocumentAccess(away.db);
  await expect(access.find(newDocumentId(), newUserId())).rejects.toThrow(/ECONNREFUSED/);
  await expect(access.touch(newDocumentId(), NOW)).rejects.toThrow(/ECONNREFUSED/);
  await expect(access.check()).rejects.toThrow(/ECONNREFUSED/);
  await away.close();
});
