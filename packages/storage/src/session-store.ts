// Port: which sessions are alive. A token proves who signed in; only this store says whether they have signed out since.
import type { SessionId, UserId } from '@codesync/contract';

export interface SessionStore {
  /** Begins a session that ends by itself at `expiresAt` (milliseconds since the epoch). */
  begin(session: SessionId, user: UserId, expiresAt: number): Promise<void>;

  /** Whose session it is; undefined when it was ended, `now` has reached its `expiresAt`, or it never was. */
  find(session: SessionId, now: number): Promise<UserId | undefined>;

  /** From the moment this resolves `find` answers undefined, on every task. No error when it has ended already. */
  end(session: SessionId): Promise<void>;
}

/** A session that is alive. */
export interface Session {
  readonly user: UserId;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A store that others may stand in front of: it also says until when they may repeat its answer. */
export interface SessionTruth extends SessionStore {
  /** As `find`, and until when it is theirs. */
  look(session: SessionId, now: number): Promise<Session | undefined>;
}
