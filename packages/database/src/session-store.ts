// SessionStore in the database, the truth about sessions, where expired sessions are pruned as new ones begin.
import type { SessionId } from '@codesync/contract';
import type { Session, SessionTruth } from '@codesync/storage';
import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

/** Rows that one sign-in clears away at most. More than the one that it adds, so that the table shrinks to the sessions alive. */
const PRUNED_PER_BEGIN = 100;

export function createSessionStore(db: Kysely<Database>): SessionTruth {
  /** The latest time that a caller told: what has expired by then is of use to nobody. */
  let latest = 0;

  async function look(session: SessionId, now: number): Promise<Session | undefined> {
    latest = Math.max(latest, now);
    const row = await db
      .selectFrom('sessions')
      .where('id', '=', session)
      .where('expires_at', '>', new Date(now))
      .select(['user_id', 'expires_at'])
      .executeTakeFirst();
    return row && { user: row.user_id, expiresAt: row.expires_at.getTime() };
  }

  return {
    async begin(session, user, expiresAt) {
      await db
        .deleteFrom('sessions')
        .where('id', 'in', (query) =>
          query
            .selectFrom('sessions')
            .where('expires_at', '<=', new Date(latest))
            .orderBy('expires_at')
            .limit(PRUNED_PER_BEGIN)
            // Sign-ins on other tasks prune the same rows: taken ones are theirs.
            .forUpdate()
            .skipLocked()
            .select('id'),
        )
        .execute();
      await db
        .insertInto('sessions')
        .values({ id: session, user_id: user, expires_at: new Date(expiresAt) })
        .execute();
    },

    look,
    find: async (session, now) => (await look(session, now))?.user,

    async end(session) {
      await db.deleteFrom('sessions').where('id', '=', session).execute();
    },
  };
}
