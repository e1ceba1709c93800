// Brings a database up to date, and tells whether it is.
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { migrations } from './migrations/index.ts';
import type { Database } from './schema.ts';

/**
 * Runs the migrations that have not run yet, all or none, and answers their names. Safe to run twice and at the same time:
 * the second one waits and finds nothing left to do. Rejects with what a migration failed of.
 */
export async function migrateToLatest(db: Kysely<Database>): Promise<readonly string[]> {
  // Of a database that is ahead of us, after a release was taken back, the migrator would say that it is corrupt.
  if ((await pendingMigrations(db)).length === 0) return [];
  const { error, results = [] } = await migratorOf(db).migrateToLatest();
  if (error !== undefined) throw error;
  return results.map((result) => result.migrationName);
}

/** Names of the migrations that have not run yet. Changes nothing. */
export async function pendingMigrations(db: Kysely<Database>): Promise<readonly string[]> {
  const all = await migratorOf(db).getMigrations();
  return all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name);
}

function migratorOf(db: Kysely<Database>): Migrator {
  return new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
}
