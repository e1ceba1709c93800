// The importer's own edits of a document: by whom they are, and as what they go into the log.
import { createHash } from 'node:crypto';
import * as Y from 'yjs';

/**
 * A client id that depends on nothing but the document's state and the edit, and that no one in the document has: two imports at
 * once of the same source write the same bytes, so that nothing is there twice; and two edits that differ differ in their author,
 * as Yjs needs it.
 */
export function authorOf(doc: Y.Doc, edit: string): number {
  const state = Y.encodeSnapshot(Y.snapshot(doc));
  let hash = createHash('sha256').update(state).update(edit).digest();
  while (doc.store.clients.has(hash.readUInt32BE(0))) hash = createHash('sha256').update(hash).digest();
  return hash.readUInt32BE(0);
}

/** What `edit` does to the document as one update; undefined when it changes nothing. */
export function updateOf(doc: Y.Doc, edit: () => void): Uint8Array | undefined {
  const updates: Uint8Array[] = [];
  const collect = (update: Uint8Array) => updates.push(update);
  doc.on('update', collect);
  edit();
  doc.off('update', collect);
  return updates.length === 0 ? undefined : Y.mergeUpdates(updates);
}
