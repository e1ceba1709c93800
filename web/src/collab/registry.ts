// Open documents of one tab, shared by whoever shows them. Letting go is deferred: StrictMode and a quick way back mount
// twice and must not open two sockets, and a page that is left must not take unsent edits with it.
import type { DocumentId, UserId } from '@codesync/contract';
import type { Cancel, Clock } from './clock.ts';
import type { DocumentSession, SessionUser } from './session.ts';
import { wouldLose } from './status.ts';

/** How long a document stays open after the last one let go. */
const LINGER = 1_000;

interface SessionLease {
  readonly session: DocumentSession;
  /** Releasing twice is harmless. */
  readonly release: () => void;
}

export interface SessionRegistry {
  /** One session a person and document: who signs in next in this tab must not write as the one before. */
  retain(documentId: DocumentId, user: SessionUser): SessionLease;
  /** The session if it is open. */
  find(documentId: DocumentId, userId: UserId): DocumentSession | undefined;
  /** Whether closing the tab now would lose an edit. */
  wouldLose(): boolean;
}

interface Entry {
  readonly session: DocumentSession;
  holders: number;
  cancelClose: Cancel;
}

export function createSessionRegistry(
  open: (documentId: DocumentId, user: SessionUser) => DocumentSession,
  clock: Clock,
): SessionRegistry {
  const entries = new Map<string, Entry>();

  function release(key: string, entry: Entry): void {
    entry.holders--;
    if (entry.holders === 0) entry.cancelClose = clock.after(LINGER, () => closeWhenSafe(key, entry));
  }

  function closeWhenSafe(key: string, entry: Entry): void {
    const { facts, dispose } = entry.session;
    if (!wouldLose(facts.getSnapshot())) {
      entries.delete(key);
      dispose();
      return;
    }
    const stop = facts.subscribe(() => {
      if (wouldLose(facts.getSnapshot())) return;
      stop();
      closeWhenSafe(key, entry);
    });
    entry.cancelClose = stop;
  }

  return {
    retain(documentId, user) {
      const key = keyOf(documentId, user.id);
      const entry = entries.get(key) ?? { session: open(documentId, user), holders: 0, cancelClose: () => {} };
      entries.set(key, entry);
      entry.cancelClose();
      // Who was signed out and comes back finds the edits that could not be sent: now they can.
      if (entry.session.facts.getSnapshot().link === 'closed') entry.session.retry();
      entry.holders++;
      let isHeld = true;
      return {
        session: entry.session,
        release() {
          if (isHeld) release(key, entry);
          isHeld = false;
        },
      };
    },
    find: (documentId, userId) => entries.get(keyOf(documentId, userId))?.session,
    wouldLose: () => [...entries.values()].some(({ session }) => wouldLose(session.facts.getSnapshot())),
  };
}

function keyOf(documentId: DocumentId, userId: UserId): string {
  return `${userId} ${documentId}`;
}
