// The database: schema, migrations, the two ways to open it, and the ports of storage that it implements.
export * from './document-access.ts';
export * from './migrate-to-latest.ts';
export * from './open-database.ts';
export * from './open-pglite.ts';
export * from './open-postgres.ts';
export type * from './schema.ts';
export * from './session-store.ts';
export * from './snapshot-commits.ts';
