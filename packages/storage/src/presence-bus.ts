// Port: who is where in a document, across tasks. Never stored in the update log: presence is not durable data.
import type { DocumentId } from '@codesync/contract';
import type { Unsubscribe } from './update-log.ts';

/** The latest that is known of one awareness client. */
export interface PresenceState {
  /** Yjs client id. */
  readonly clientId: number;
  /** Awareness clock: a state replaces one with a lower clock. */
  readonly clock: number;
  /** JSON text as it goes on the wire; null when the client has gone. */
  readonly state: string | null;
}

export interface PresenceBus {
  /** Tells every task the latest states of clients of this task, at most one a client. A state of null removes the client. */
  publish(document: DocumentId, states: readonly PresenceState[]): Promise<void>;

  /**
   * Before this resolves, the listener is given everyone present (R11), and as gone those who went in the last half minute: who comes
   * back from elsewhere may still see them. Then what changes; this task's own publications may be heard too.
   * Clients of a task that died are told as gone, with a higher clock, within 10 s. So are those of one that only seemed dead, and
   * of one that did not hear that others saw them go: a listener that is told so of its own clients, and has them, publishes them
   * again with a higher clock still.
   */
  subscribe(document: DocumentId, listener: (states: readonly PresenceState[]) => void): Promise<Unsubscribe>;

  check(): Promise<void>;

  close(): Promise<void>;
}
