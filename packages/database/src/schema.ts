// The tables, as Kysely sees them. Times are timestamptz; ids are uuid.
import type { DocumentId, Role, SessionId, SnapshotId, UserId } from '@codesync/contract';
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

type Timestamp = ColumnType<Date, Date, Date>;

export interface UsersTable {
  id: UserId;
  /** Trimmed and in lower case; unique. */
  email: string;
  name: string;
  /** argon2id, in PHC string form. */
  password_hash: string;
  created_at: Timestamp;
}

export interface SessionsTable {
  id: SessionId;
  user_id: UserId;
  expires_at: Timestamp;
}

export interface DocumentsTable {
  id: DocumentId;
  title: string;
  language: string;
  /** Who made it. Ownership is a role in `members`; there may be several owners. */
  created_by: UserId;
  /** Changes when the history was replaced (R23). */
  generation: Generated<string>;
  created_at: Timestamp;
  /** Last edit of text, title or language: the list's order. */
  updated_at: Timestamp;
  /** Set while in the trash. */
  deleted_at: ColumnType<Date | null, Date | null, Date | null>;
  /** The current snapshot; null while nothing was snapshotted. Changed by compare-and-set alone (R4). */
  snapshot_id: ColumnType<SnapshotId | null, SnapshotId | null | undefined, SnapshotId | null>;
  /** When retention looks at its snapshots next; null while there is nothing to thin. */
  thin_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
}

export interface MembersTable {
  document_id: DocumentId;
  user_id: UserId;
  role: Role;
  added_at: Timestamp;
}

export interface SnapshotsTable {
  id: SnapshotId;
  document_id: DocumentId;
  /** Grows with every commit: the order of a document's snapshots. A bigint: for comparing in queries, not for reading. */
  position: GeneratedAlways<string>;
  /** The last log entry that it holds, as cursor text. */
  cursor: string;
  /** Size of the merged state before compression. */
  bytes: number;
  created_at: Timestamp;
  /** What someone called it; retention keeps what has a name. */
  name: ColumnType<string | null, string | null | undefined, string | null>;
}

export interface Database {
  users: UsersTable;
  sessions: SessionsTable;
  documents: DocumentsTable;
  members: MembersTable;
  snapshots: SnapshotsTable;
}
