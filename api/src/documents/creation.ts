// A new document, whole from the start: row, owner and first text, or none of them.
import { newDocumentId, type DocumentId, type UserId } from '@codesync/contract';
import type { ApiDeps } from '../deps.ts';
import { firstUpdate } from '../content/document-text.ts';
import { announce } from '../http/announce.ts';
import { answered } from '../http/outage.ts';
import { insertDocument, type Document } from './queries.ts';

type CreationDeps = Pick<ApiDeps, 'database' | 'log' | 'notices' | 'clock' | 'logger'>;

export async function createDocument(
  deps: CreationDeps,
  owner: UserId,
  wanted: { title: string; language: string; content?: string | undefined },
): Promise<Document> {
  const { title, language, content } = wanted;
  const now = new Date(deps.clock.now());
  const id = newDocumentId();
  // Made before anything is written: it may be too large.
  const update = firstUpdate(content ?? '');
  const document: Document = {
    id,
    title,
    language,
    role: 'owner',
    ownerId: owner,
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  try {
    await deps.database.transaction().execute(async (transaction) => {
      await insertDocument(transaction, document);
      if (update !== undefined) await answered('update log', deps.log.append(id, [update]));
    });
  } catch (error) {
    if (update !== undefined) await forget(deps, id);
    throw error;
  }
  if (update !== undefined) await announce(deps, { kind: 'edited', document: id });
  return document;
}

/** A log without a row would be snapshotted for nobody, and for ever. */
async function forget({ log, logger }: CreationDeps, document: DocumentId): Promise<void> {
  await log.remove(document).catch((err: unknown) => {
    logger.error({ err, document }, 'the log of a document that was not created may be left');
  });
}
