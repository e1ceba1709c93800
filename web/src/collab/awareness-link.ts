// Presence across a connection that comes and goes: own state out, other people's states in. A blip does not make cursors
// blink: states from before a drop stay (dimmed by the view) for a while, and only those who are really gone are removed.
import {
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
  type Awareness,
} from 'y-protocols/awareness';
import type { Cancel, Clock } from './clock.ts';
import { awarenessClients, encodeAwareness } from './protocol.ts';

/** How long people stay visible after a drop. */
const KEEP_AFTER_DROP = 10_000;

/** After a reconnect presence is complete at once (R11): who has not been named by then had left meanwhile. */
const NAMED_WITHIN = 3_000;

/** Origin of states that came over the socket. */
const FROM_SOCKET = 'socket';

interface AwarenessChange {
  readonly added: readonly number[];
  readonly updated: readonly number[];
  readonly removed: readonly number[];
}

export interface AwarenessLink {
  /** The connection is open: says who we are. */
  opened(): void;
  received(update: Uint8Array): void;
  /** Says who we are, once more. */
  answer(): void;
  dropped(): void;
  close(): void;
}

export function createAwarenessLink(
  awareness: Awareness,
  clock: Clock,
  send: (frame: Uint8Array) => void,
): AwarenessLink {
  let suspects = new Set<number>();
  let cancelRemoval: Cancel = () => {};

  const sendOwn = (): void => send(encodeAwareness(encodeAwarenessUpdate(awareness, [awareness.clientID])));

  function whenUpdated({ added, updated, removed }: AwarenessChange, origin: unknown): void {
    const isOwn = [...added, ...updated, ...removed].includes(awareness.clientID);
    // The server dropping our old connection may say that we left: y-protocols then raises our clock and we say that we are here.
    if (isOwn && (origin !== FROM_SOCKET || removed.includes(awareness.clientID))) sendOwn();
  }
  awareness.on('update', whenUpdated);

  function removeSuspects(): void {
    cancelRemoval();
    const gone = [...suspects];
    suspects = new Set();
    removeAwarenessStates(awareness, gone, 'gone');
    // Without this a state that comes back with its old clock would be taken for an old one.
    for (const client of gone) awareness.meta.delete(client);
  }

  return {
    opened() {
      cancelRemoval();
      cancelRemoval = clock.after(NAMED_WITHIN, removeSuspects);
      // A new clock, so that nobody takes us for a stale copy of ourselves; the 'update' handler sends it.
      awareness.setLocalState(awareness.getLocalState());
    },
    received(update) {
      for (const client of awarenessClients(update)) suspects.delete(client);
      applyAwarenessUpdate(awareness, update, FROM_SOCKET);
    },
    answer: sendOwn,
    dropped() {
      suspects = new Set([...awareness.getStates().keys()].filter((client) => client !== awareness.clientID));
      cancelRemoval();
      cancelRemoval = clock.after(KEEP_AFTER_DROP, removeSuspects);
    },
    close() {
      cancelRemoval();
      awareness.setLocalState(null);
      awareness.off('update', whenUpdated);
    },
  };
}
