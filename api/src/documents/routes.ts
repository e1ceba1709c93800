// Documents: create, list, get, rename, to the trash and back, delete for good.
import {
  CreateDocumentRequest,
  ListDocumentsQuery,
  MAX_DOCUMENT_BYTES,
  UpdateDocumentRequest,
  type DocumentListResponse,
  type DocumentResponse,
} from '@codesync/contract';
import { Hono } from 'hono';
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import { announce } from '../http/announce.ts';
import { JSON_BYTES } from '../http/body.ts';
import type { RequestEnv } from '../http/env.ts';
import { signedIn } from '../http/session.ts';
import { json, query } from '../http/validate.ts';
import { createDocument } from './creation.ts';
import { deleteForGood } from './deletion.ts';
import { listDocuments } from './list.ts';
import { may, permit } from './policy.ts';
import { findDocument, restoreDocument, toResponse, trashDocument, updateDocument } from './queries.ts';

/** As JSON a text takes up to three times its UTF-8: some clients write every letter that is not ASCII as \uXXXX. */
const CREATE_BYTES = JSON_BYTES + 3 * MAX_DOCUMENT_BYTES;

/** Only what is spelt out deletes for good; a slip of the pen is refused. */
const DeleteQuery = z.object({ permanent: z.enum(['true', 'false']).default('false') });

export function documentRoutes(deps: ApiDeps) {
  const { database, clock } = deps;
  const mySession = signedIn(deps);

  return new Hono<RequestEnv>()
    .post('/', mySession, json(CreateDocumentRequest, CREATE_BYTES), async (c) => {
      const document = await createDocument(deps, c.var.session.user, c.req.valid('json'));
      return c.json<DocumentResponse, 201>(toResponse(document), 201);
    })

    .get('/', mySession, query(ListDocumentsQuery), async (c) => {
      const { documents, nextCursor } = await listDocuments(database, c.var.session.user, c.req.valid('query'));
      return c.json<DocumentListResponse>({ items: documents.map(toResponse), nextCursor });
    })

    .get('/:id', mySession, may('read', deps), (c) => c.json<DocumentResponse>(toResponse(c.var.document)))

    .patch('/:id', mySession, may('rename', deps), json(UpdateDocumentRequest), async (c) => {
      const { title, language } = c.req.valid('json');
      const { id } = c.var.document;
      await updateDocument(database, id, {
        ...(title === undefined ? {} : { title }),
        ...(language === undefined ? {} : { language }),
        updated_at: new Date(clock.now()),
      });
      const changed = permit(await findDocument(database, id, c.var.session.user), 'read');
      return c.json<DocumentResponse>(toResponse(changed));
    })

    .delete('/:id', mySession, query(DeleteQuery), may('trash', deps), async (c) => {
      const { id } = c.var.document;
      if (c.req.valid('query').permanent === 'true') {
        permit(c.var.document, 'delete-for-good');
        await deleteForGood(deps, id);
      } else {
        await trashDocument(database, id, new Date(clock.now()));
        await announce(deps, { kind: 'document-gone', document: id });
      }
      return c.body(null, 204);
    })

    .post('/:id/restore', mySession, may('restore', deps), async (c) => {
      await restoreDocument(database, c.var.document.id);
      return c.json<DocumentResponse>(toResponse({ ...c.var.document, deletedAt: null }));
    });
}
