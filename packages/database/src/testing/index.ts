// Databases for tests.
export * from './open-test-database.ts';
