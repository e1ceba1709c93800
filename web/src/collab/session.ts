// One open document: its Y.Doc, the connection that keeps it in step with the server, presence, and the facts that the
// status is told from. No React, no DOM.
import { can, presenceColor, TEXT_NAME, type DocumentId, type UserId } from '@codesync/contract';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { createAwarenessLink } from './awareness-link.ts';
import type { Clock } from './clock.ts';
import { createEditLedger } from './edit-ledger.ts';
import { decodeMessage, encodeSyncStep1, encodeSyncStep2, encodeUpdate, type Incoming } from './protocol.ts';
import type { DocumentSocket, SocketEvents } from './socket.ts';
import { INITIAL_FACTS, type SessionFacts } from './status.ts';
import { createStore, type ReadableStore } from './store.ts';

export interface SessionUser {
  readonly id: UserId;
  readonly name: string;
}

export interface DocumentSession {
  readonly documentId: DocumentId;
  readonly user: SessionUser;
  readonly doc: Y.Doc;
  readonly text: Y.Text;
  readonly awareness: Awareness;
  readonly facts: ReadableStore<SessionFacts>;
  /** Tries to connect now. */
  readonly retry: () => void;
  /** Says goodbye, closes the socket and forgets the text. */
  readonly dispose: () => void;
}

export interface SessionDependencies {
  clock: Clock;
  openSocket(events: SocketEvents): DocumentSocket;
}

/** Origin of what came from the server, so that it is not sent back. */
const FROM_SERVER = Symbol('from server');

export function createDocumentSession(
  documentId: DocumentId,
  user: SessionUser,
  dependencies: SessionDependencies,
): DocumentSession {
  const doc = new Y.Doc();
  const text = doc.getText(TEXT_NAME);
  const awareness = new Awareness(doc);
  const ledger = createEditLedger();
  const facts = createStore<SessionFacts>(INITIAL_FACTS);
  const note = (changes: Partial<SessionFacts>): void =>
    facts.set({ ...facts.getSnapshot(), ...changes, ...ledger.counts() });

  let generation: string | undefined;
  /** This connection said which document it holds, and it is ours (R23). */
  let isSameDocument = false;
  /** What the server had when it asked on this connection; undefined until it asked. Only then do updates flow. */
  let serverHad: Uint8Array | undefined;

  awareness.setLocalStateField('user', { id: user.id, name: user.name, ...presenceColor(user.id) });

  const canWrite = (): boolean => {
    const { role } = facts.getSnapshot();
    return role === undefined || can(role, 'write');
  };

  function sendDocument(frame: Uint8Array): void {
    if (socket.send(frame)) ledger.sent();
  }

  /** Everything that the server lacked when it asked: also what was typed while the link was down. */
  function sendMissing(): void {
    if (serverHad !== undefined && canWrite()) sendDocument(encodeSyncStep2(Y.encodeStateAsUpdate(doc, serverHad)));
  }

  function whenUpdated(update: Uint8Array, origin: unknown): void {
    if (origin === FROM_SERVER) return;
    ledger.edited();
    // Before the server asked, updates would arrive ahead of those that they build on (R2): step 2 will carry them.
    if (serverHad !== undefined && canWrite()) sendDocument(encodeUpdate(update));
    note({});
  }
  doc.on('update', whenUpdated);

  function receive(message: Incoming): void {
    switch (message.kind) {
      case 'generation':
        if (generation !== undefined && generation !== message.generation) return stopAsReplaced();
        generation = message.generation;
        isSameDocument = true;
        return;
      case 'sync-step-1':
        if (!mayBlend()) return;
        serverHad = message.stateVector;
        sendMissing();
        return note({});
      case 'sync-step-2':
      case 'update':
        if (!mayBlend()) return;
        Y.applyUpdate(doc, message.update, FROM_SERVER);
        if (message.kind === 'update') return;
        socket.settled();
        return note({ synced: true, ready: true });
      case 'role': {
        const wrote = canWrite();
        note({ role: message.role });
        // A promotion in place: what was typed before an earlier demotion may go now.
        if (!wrote && canWrite()) sendMissing();
        return note({});
      }
      case 'logged':
        ledger.logged(message.count);
        return note({});
      case 'durable':
        ledger.durable(message.count);
        return note({});
      case 'awareness':
        return presence.received(message.update);
      case 'query-awareness':
        return presence.answer();
      case 'denied':
      case 'pong':
      case 'unknown':
        // A denial is followed by a close code, which says more.
        return;
    }
  }

  /** A first connection has nothing to blend; later ones must have named the document that this tab began with. */
  const mayBlend = (): boolean => generation === undefined || isSameDocument;

  function forgetConnection(): void {
    serverHad = undefined;
    isSameDocument = false;
    ledger.dropped();
  }

  function stopAsReplaced(): void {
    socket.close();
    forgetConnection();
    presence.dropped();
    note({ link: 'closed', synced: false, replaced: true });
  }

  const socket = dependencies.openSocket({
    opened() {
      forgetConnection();
      note({ link: 'open', synced: false, refusal: undefined });
      socket.send(encodeSyncStep1(Y.encodeStateVector(doc)));
      presence.opened();
    },
    received(frame) {
      try {
        receive(decodeMessage(frame));
      } catch {
        // Bytes that cannot be read mean that this connection's order is lost: a new one starts from the state vectors.
        socket.reset();
      }
    },
    lost(refusal) {
      forgetConnection();
      presence.dropped();
      note({ link: refusal === undefined ? 'lost' : 'closed', synced: false, refusal });
    },
  });
  const presence = createAwarenessLink(awareness, dependencies.clock, (frame) => socket.send(frame));

  return {
    documentId,
    user,
    doc,
    text,
    awareness,
    facts,
    retry: () => {
      if (!facts.getSnapshot().replaced) socket.retry();
    },
    dispose() {
      presence.close();
      socket.close();
      doc.off('update', whenUpdated);
      doc.destroy();
    },
  };
}
