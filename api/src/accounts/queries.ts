// People in the database.
import type { User, UserId } from '@codesync/contract';
import type { Database } from '@codesync/database';
import type { Kysely } from 'kysely';

export interface NewAccount extends User {
  readonly passwordHash: string;
  readonly createdAt: Date;
}

/** False when somebody has that e-mail address, also when they took it a moment ago. */
export async function insertAccount(database: Kysely<Database>, account: NewAccount): Promise<boolean> {
  const inserted = await database
    .insertInto('users')
    .values({
      id: account.id,
      email: account.email,
      name: account.name,
      password_hash: account.passwordHash,
      created_at: account.createdAt,
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

/** `email` in lower case. */
export async function findByEmail(
  database: Kysely<Database>,
  email: string,
): Promise<{ user: User; passwordHash: string } | undefined> {
  const row = await database
    .selectFrom('users')
    .select(['id', 'email', 'name', 'password_hash'])
    .where('email', '=', email)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return { user: { id: row.id, email: row.email, name: row.name }, passwordHash: row.password_hash };
}

export function findUser(database: Kysely<Database>, id: UserId): Promise<User | undefined> {
  return database.selectFrom('users').select(['id', 'email', 'name']).where('id', '=', id).executeTakeFirst();
}

export async function deleteAccount(database: Kysely<Database>, id: UserId): Promise<void> {
  await database.deleteFrom('users').where('id', '=', id).execute();
}
