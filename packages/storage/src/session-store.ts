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
