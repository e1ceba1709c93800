// SessionStore in both databases: the contract, and that the table does not grow for ever.
import { newSessionId } from '@codesync/contract';
import { createSessionStore } from '@codesync/database';
import { sessionStoreContract } from '@codesync/storage/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backends, OPENING, type Backend } from './backends.ts';
import { insertUser, NOW } from './rows.ts';

describe.each(backends)('$name', ({ name, open }) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await open();
  }, OPENING);
  afterAll(() => backend.close(), OPENING);

  sessionStoreContract(name, async () => ({
    sessions: createSessionStore(backend.database.db),
    other: createSessionStore(backend.other.db),
    newUser: () => insertUser(backend.database.db),
    close: async () => {},
  }));

  it('expired sessions are cleared away as new ones begin, on two tasks at once', async () => {
    const { db } = backend.database;
    const user = await insertUser(db);
    const values = Array.from({ length: 250 }, () => ({
      id: newSessionId(),
      user_id: user,
      expires_at: new Date(NOW),
    }));
    await db.insertInto('sessions').values(values).execute();

    const tasks = [createSessionStore(db), createSessionStore(backend.other.db)];
    const begin = async (task: (typeof tasks)[number]) => {
      await task.find(newSessionId(), NOW + 1);
      for (let index = 0; index < 3; index++) await task.begin(newSessionId(), user, NOW + 1_000);
    };
    await Promise.all(tasks.map(begin));

    const left = await db.selectFrom('sessions').where('user_id', '=', user).select('expires_at').execute();
    expect(left.map((row) => row.expires_at.getTime())).toEqual(Array(6).fill(NOW + 1_000));
  });

  it('a session that is alive tells until when it may be repeated that it is', async () => {
    const user = await insertUser(backend.database.db);
    const sessions = createSessionStore(backend.database.db);
    const session = newSessionId();
    await sessions.begin(session, user, NOW + 1_000);
    expect(await sessions.look(session, NOW)).toEqual({ user, expiresAt: NOW + 1_000 });
    expect(await sessions.look(session, NOW + 1_000)).toBeUndefined();
  });

  it('a person who is removed takes their sessions along', async () => {
    const { db } = backend.database;
    const user = await insertUser(db);
    const sessions = createSessionStore(db);
    const session = newSessionId();
    await sessions.begin(session, user, NOW + 1_000);
    await db.deleteFrom('users').where('id', '=', user).execute();
    expect(await sessions.find(session, NOW)).toBeUndefined();
  });
});
