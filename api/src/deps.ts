// What the API is handed: ports, the database and how it is reached from outside. Composed by runtime, or by a test.
import type { Tokens } from '@codesync/contract';
import type { Database } from '@codesync/database';
import type {
  Clock,
  DocumentAccess,
  Leases,
  Logger,
  Notices,
  SessionStore,
  SnapshotStore,
  UpdateLog,
} from '@codesync/storage';
import type { Kysely } from 'kysely';

export interface ApiDeps {
  readonly database: Kysely<Database>;
  readonly log: UpdateLog;
  readonly snapshots: SnapshotStore;
  readonly sessions: SessionStore;
  readonly notices: Notices;
  readonly leases: Leases;
  readonly access: DocumentAccess;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Rejects with an error whose message names the part that is down, or that we are draining. */
  check(): Promise<void>;
}

export interface ApiOptions {
  /** Where people reach us, without a trailing slash; https makes the cookie Secure. */
  readonly publicUrl: string;
  /** Whether a browser page of this origin may change things with the cookie. */
  isAllowedOrigin(origin: string): boolean;
}
