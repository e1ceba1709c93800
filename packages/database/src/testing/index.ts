// Databases for tests.
export * from './open-test-database.ts';
export * from './start-postgres.ts';
