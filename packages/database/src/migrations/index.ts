// All migrations by name. They run in the order of their names; a new one goes last and none is ever changed.
import type { Migration } from 'kysely/migration';
import { up as accountsDocumentsSnapshots } from './0001-accounts-documents-snapshots.ts';
import { up as snapshotRetention } from './0002-snapshot-retention.ts';

export const migrations: Readonly<Record<string, Migration>> = {
  '0001-accounts-documents-snapshots': { up: accountsDocumentsSnapshots },
  '0002-snapshot-retention': { up: snapshotRetention },
};
