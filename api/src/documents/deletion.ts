// Deleting for good: from log, store and history.
import type { DocumentId } from '@codesync/contract';
import type { ApiDeps } from '../deps.ts';
import { announce } from '../http/announce.ts';
import { answered } from '../http/outage.ts';
import { deleteDocumentRow, trashDocument } from './queries.ts';

type DeletionDeps = Pick<ApiDeps, 'database' | 'log' | 'snapshots' | 'notices' | 'clock' | 'logger'>;

/**
 * The trash comes first: nobody writes any more, and where a part fails half way the document is still there for its owner
 * to delete again.
 */
export async function deleteForGood(deps: DeletionDeps, document: DocumentId): Promise<void> {
  await trashDocument(deps.database, document, new Date(deps.clock.now()));
  await announce(deps, { kind: 'document-gone', document });
  await removeText(deps, document);
  await deleteDocumentRow(deps.database, document);
  // What a socket or a snapshotter had under way came after the first time. Without the row no later snapshot is committed.
  await removeText(deps, document);
}

async function removeText({ log, snapshots }: DeletionDeps, document: DocumentId): Promise<void> {
  await answered('update log', log.remove(document));
  await answered('snapshot store', snapshots.remove(document));
}
