// Who may do what with a document, in sentences.
import { can, DocumentId, Failure, type Action } from '@codesync/contract';
import { createMiddleware } from 'hono/factory';
import type { ApiDeps } from '../deps.ts';
import type { SessionEnv } from '../http/session.ts';
import { findDocument, type Document, type FoundDocument } from './queries.ts';

export interface DocumentEnv {
  Variables: SessionEnv['Variables'] & { document: Document };
}

/** What an owner may still do with a document in the trash. */
const IN_TRASH: ReadonlySet<Action> = new Set<Action>(['read', 'trash', 'restore', 'delete-for-good']);

/** Lets only those through who may do this with the document of the path; handlers find it in `c.var.document`. */
export function may(action: Action, { database }: Pick<ApiDeps, 'database'>) {
  return createMiddleware<DocumentEnv>(async (c, next) => {
    // What cannot be an id names no document.
    const id = DocumentId.safeParse(c.req.param('id'));
    if (!id.success) throw new Failure('document_not_found');
    c.set('document', permit(await findDocument(database, id.data, c.var.session.user), action));
    await next();
  });
}

/** The document if the one who asks may do this with it; otherwise throws why not. */
export function permit(document: FoundDocument | undefined, action: Action): Document {
  // Never was, or deleted for good.
  if (document === undefined) throw new Failure('document_not_found');
  const { role } = document;
  if (document.deletedAt !== null) {
    // In the trash it is there for its owners alone, and only to look at, to bring back or to throw away.
    if (role !== 'owner' || !IN_TRASH.has(action)) throw new Failure('document_not_found');
    return { ...document, role };
  }
  // A stranger is told nothing of it.
  if (role === null) throw new Failure('no_access');
  if (!can(role, action)) throw new Failure('not_allowed');
  return { ...document, role };
}
