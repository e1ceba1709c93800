// Port: short notices between tasks and between api and sync-server. Heard at most once, kept nowhere: a hint to look at the truth again.
import type { DocumentId, SessionId, UserId } from '@codesync/contract';
import type { SnapshotReach } from './snapshot-commits.ts';
import type { Unsubscribe } from './update-log.ts';

export type Notice =
  /** Someone was added, removed or given another role (R14). */
  | { readonly kind: 'access-changed'; readonly document: DocumentId; readonly user: UserId }
  /** To the trash, or deleted for good: its sockets close. */
  | { readonly kind: 'document-gone'; readonly document: DocumentId }
  /** Signed out: the session's sockets close. */
  | { readonly kind: 'session-ended'; readonly session: SessionId }
  /** Its log grew by what no socket brought (a PUT): without this nobody would snapshot it before someone opens it. */
  | { readonly kind: 'edited'; readonly document: DocumentId }
  /** A snapshot was committed: what it holds is durable (R1). */
  | ({ readonly kind: 'saved'; readonly document: DocumentId } & SnapshotReach);

export interface Notices {
  /** To every subscriber of every task, this one included. */
  publish(notice: Notice): Promise<void>;
  /** `missed` says that notices may have been missed, because a connection was lost: the listener looks at the truth again. */
  subscribe(listener: (notice: Notice) => void, missed?: () => void): Unsubscribe;
  /** Whether notices can be expected to arrive; for readiness. Rejects with the reason. */
  check(): Promise<void>;
  close(): Promise<void>;
}
