// The text of a document over HTTP.
import { Failure, MAX_DOCUMENT_BYTES, toLineFeeds, type DocumentId } from '@codesync/contract';
import { Hono, type Context } from 'hono';
import type { ApiDeps } from '../deps.ts';
import { may } from '../documents/policy.ts';
import { announce } from '../http/announce.ts';
import { readText } from '../http/body.ts';
import type { RequestEnv } from '../http/env.ts';
import { answered } from '../http/outage.ts';
import { signedIn } from '../http/session.ts';
import { editTo, loadDocument, textOf } from './document-text.ts';
import { createTurns } from './turns.ts';

const NOT_TEXT = 'Send the text as text/plain in UTF-8.';

export function contentRoutes(deps: ApiDeps) {
  const mySession = signedIn(deps);
  const inTurn = createTurns(deps);

  return new Hono<RequestEnv>()
    .get('/:id/content', mySession, may('read', deps), async (c) => {
      const text = textOf(await loadDocument(c.var.document.id, deps));
      return c.text(text, 200, { 'content-type': 'text/plain; charset=utf-8' });
    })

    .put('/:id/content', mySession, may('write', deps), async (c) => {
      const { id } = c.var.document;
      // Before its turn, which a slow sender would hold up.
      const wanted = await readPlainText(c);
      await inTurn(id, () => putText(deps, id, wanted));
      return c.body(null, 204);
    });
}

async function putText(deps: ApiDeps, document: DocumentId, wanted: string): Promise<void> {
  const { log, access, clock, logger } = deps;
  const update = editTo(await loadDocument(document, deps), wanted);
  if (update === undefined) return;
  await answered('update log', log.append(document, [update]));
  await announce(deps, { kind: 'edited', document });
  // The edit is in the log: a list that sorts a little late is no reason to call it failed.
  await access.touch(document, clock.now()).catch((err: unknown) => {
    logger.error({ err, document }, 'the time of an edit was not kept');
  });
}

/** With line feeds only (R21). */
async function readPlainText(c: Context): Promise<string> {
  const type = c.req.header('content-type')?.toLowerCase() ?? 'text/plain';
  const charset = /;\s*charset="?([^;"\s]+)/.exec(type)?.[1] ?? 'utf-8';
  if (!/^text\/plain\s*(;|$)/.test(type) || !/^(utf-?8|us-ascii)$/.test(charset)) {
    throw new Failure('bad_request', { detail: NOT_TEXT });
  }
  const text = await readText(c, MAX_DOCUMENT_BYTES, () => new Failure('bad_request', { detail: NOT_TEXT }));
  return toLineFeeds(text);
}
