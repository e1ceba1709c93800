// What the servers are handed: every port with its adapter behind it, and one end for all of them.
import type { Tokens } from '@codesync/contract';
import type { Database } from '@codesync/database';
import type {
  Clock,
  DocumentAccess,
  Leases,
  Logger,
  Notices,
  ObjectStore,
  PresenceBus,
  SessionStore,
  SnapshotCommits,
  SnapshotStore,
  UpdateLog,
} from '@codesync/storage';
import type { Kysely } from 'kysely';

export interface Platform {
  readonly log: UpdateLog;
  readonly presence: PresenceBus;
  readonly notices: Notices;
  readonly leases: Leases;
  /** What the snapshot store is made of. */
  readonly objects: ObjectStore;
  readonly commits: SnapshotCommits;
  readonly snapshots: SnapshotStore;
  readonly sessions: SessionStore;
  readonly access: DocumentAccess;
  readonly database: Kysely<Database>;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Rejects with Failure `unavailable`, whose detail names the part that is down. */
  check(): Promise<void>;
  /** In reverse order of opening. Twice is harmless. */
  close(): Promise<void>;
}
