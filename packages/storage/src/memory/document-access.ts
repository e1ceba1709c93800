// Who may do what, said by a test.
import type { DocumentId, Role, UserId } from '@codesync/contract';
import type { DocumentAccess } from '../document-access.ts';
import { createOutage, type Outage } from './outage.ts';

export interface MemoryDocumentAccess extends DocumentAccess, Outage {
  /** Gives a person a role, in place of the one they had; the document is there from its first grant on. */
  grant(document: DocumentId, user: { readonly id: UserId; readonly name: string }, role: Role): void;
  /** The document stays, without this person. */
  revoke(document: DocumentId, user: UserId): void;
  /** For everyone as if it were not there, until `restore`. */
  trash(document: DocumentId): void;
  restore(document: DocumentId): void;
  /** Deleted for good. */
  remove(document: DocumentId): void;
  /** Its history was replaced: `find` tells another generation from now on (R23). */
  replaceHistory(document: DocumentId): void;
  /** The latest time given to `touch`. */
  touchedAt(document: DocumentId): number | undefined;
}

interface Document {
  readonly members: Map<UserId, { readonly name: string; readonly role: Role }>;
  generation: number;
  trashed: boolean;
  touchedAt: number | undefined;
}

export function createMemoryDocumentAccess(): MemoryDocumentAccess {
  const documents = new Map<DocumentId, Document>();
  const { outage, assertUp } = createOutage();

  function existing(name: DocumentId): Document {
    const document = documents.get(name);
    if (document === undefined) throw new Error(`nobody was granted document ${name}`);
    return document;
  }

  return {
    async find(name, userId) {
      assertUp();
      const document = documents.get(name);
      if (document === undefined || document.trashed) return { kind: 'not-found' };
      const member = document.members.get(userId);
      if (member === undefined) return { kind: 'no-access' };
      const user = { id: userId, name: member.name };
      return { kind: 'granted', role: member.role, user, generation: `generation-${document.generation}` };
    },
    async touch(name, at) {
      assertUp();
      const document = documents.get(name);
      if (document !== undefined) document.touchedAt = Math.max(at, document.touchedAt ?? at);
    },
    async check() {
      assertUp();
    },
    grant(name, user, role) {
      const document = documents.get(name) ?? {
        members: new Map(),
        generation: 1,
        trashed: false,
        touchedAt: undefined,
      };
      documents.set(name, document);
      document.members.set(user.id, { name: user.name, role });
    },
    revoke: (name, userId) => void existing(name).members.delete(userId),
    trash(name) {
      existing(name).trashed = true;
    },
    restore(name) {
      existing(name).trashed = false;
    },
    remove: (name) => void documents.delete(name),
    replaceHistory(name) {
      existing(name).generation += 1;
    },
    touchedAt: (name) => documents.get(name)?.touchedAt,
    ...outage,
  };
}
