// The clients of this task, as it published them last: what Redis loses is published again from here.
import type { DocumentId } from '@codesync/contract';
import type { PresenceState } from '../presence-bus.ts';
import type { OwnedState, TaskId } from './presence-states.ts';

export interface OwnClients {
  /** Takes what is published. */
  keep(document: DocumentId, states: readonly PresenceState[]): void;
  /** Lets go of the clients of whom another task has newer word: they are there, or gone. If they are here, they are published again. */
  hear(document: DocumentId, states: readonly OwnedState[]): void;
  of(document: DocumentId): Iterable<PresenceState>;
  has(document: DocumentId, clientId: number): boolean;
  /** The documents with clients, and those without of which it is not known yet that Redis has none of ours. */
  readonly documents: ReadonlyMap<DocumentId, unknown>;
  /** Redis has exactly these clients of ours: a document without any need not be kept. */
  agreed(document: DocumentId): void;
}

export function createOwnClients(task: TaskId): OwnClients {
  const documents = new Map<DocumentId, Map<number, PresenceState>>();

  return {
    keep(document, states) {
      const clients = documents.get(document) ?? new Map<number, PresenceState>();
      documents.set(document, clients);
      for (const state of states) {
        const known = clients.get(state.clientId);
        if (known !== undefined && state.clock < known.clock) continue;
        if (state.state === null) clients.delete(state.clientId);
        else clients.set(state.clientId, state);
      }
    },
    hear(document, states) {
      const clients = documents.get(document);
      if (clients === undefined) return;
      for (const { clientId, clock, state, owner } of states) {
        const known = clients.get(clientId);
        if (known === undefined || owner === task || clock < known.clock) continue;
        if (clock > known.clock || state === null) clients.delete(clientId);
      }
    },
    of: (document) => documents.get(document)?.values() ?? [],
    has: (document, clientId) => documents.get(document)?.has(clientId) === true,
    documents,
    agreed(document) {
      if (documents.get(document)?.size === 0) documents.delete(document);
    },
  };
}
