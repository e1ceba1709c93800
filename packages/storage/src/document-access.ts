// Port: what a person may do with a document, asked at every join and whenever a notice says that it changed.
import type { DocumentId, Role, UserId } from '@codesync/contract';

export type Access =
  | {
      readonly kind: 'granted';
      readonly role: Role;
      readonly user: { readonly id: UserId; readonly name: string };
      /** Changes when the document's history was replaced: a client that holds another one must not blend (R23). */
      readonly generation: string;
    }
  /** The document is there, and none of their business. */
  | { readonly kind: 'no-access' }
  /** Never was, in the trash, or deleted for good. */
  | { readonly kind: 'not-found' };

export interface DocumentAccess {
  /** Rejects when the truth cannot be asked: the caller fails closed, with a transient code (R15). */
  find(document: DocumentId, user: UserId): Promise<Access>;

  /** The document's text was edited at this time (milliseconds since the epoch): what the list of documents sorts by. */
  touch(document: DocumentId, at: number): Promise<void>;

  check(): Promise<void>;
}
