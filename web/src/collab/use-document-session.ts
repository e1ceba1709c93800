// The thin React edge of a session: opened in an effect, never in render, and read through selectors so that typing
// re-renders only what shows what changed.
import type { DocumentId } from '@codesync/contract';
import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { systemClock } from './clock.ts';
import { createSessionRegistry, type SessionRegistry } from './registry.ts';
import { createDocumentSession, type DocumentSession, type SessionUser } from './session.ts';
import { createDocumentSocket } from './socket.ts';
import type { ReadableStore } from './store.ts';
import { onPageWake, openWebSocket, socketAddress } from './web-socket.ts';

// A tab has one, like its address bar: a page that unmounts with unsent edits must find them again when it comes back.
const sessions: SessionRegistry = createSessionRegistry(openInBrowser, systemClock);

/** The open session; undefined in the first render, because rendering opens nothing. */
export function useDocumentSession(documentId: DocumentId, user: SessionUser): DocumentSession | undefined {
  const { id, name } = user;
  const subscribe = useCallback(
    (opened: () => void) => {
      const { release } = sessions.retain(documentId, { id, name });
      opened();
      return release;
    },
    [documentId, id, name],
  );
  return useSyncExternalStore(subscribe, () => sessions.find(documentId, id));
}

/** Asks before the tab closes over edits that the server does not have. */
export function useLeaveWarning(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => {
      if (sessions.wouldLose()) event.preventDefault();
    };
    addEventListener('beforeunload', warn);
    // Unsent edits outlive the page that they were made on, and so does the question.
    return () => {
      if (!sessions.wouldLose()) removeEventListener('beforeunload', warn);
    };
  }, []);
}

function openInBrowser(documentId: DocumentId, user: SessionUser): DocumentSession {
  const address = socketAddress(location.origin, documentId);
  return createDocumentSession(documentId, user, {
    clock: systemClock,
    openSocket: (events) =>
      createDocumentSocket(
        {
          connect: (wireEvents) => openWebSocket(address, wireEvents),
          onWake: onPageWake,
          clock: systemClock,
          random: Math.random,
        },
        events,
      ),
  });
}

/** Re-renders only when the selected value changes; select primitives or objects that stay the same. */
export function useStore<T, Selected>(store: ReadableStore<T>, select: (value: T) => Selected): Selected {
  return useSyncExternalStore(store.subscribe, () => select(store.getSnapshot()));
}
