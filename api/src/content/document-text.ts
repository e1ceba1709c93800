// A document's text as it is now, and edits to it as Yjs updates.
import { Failure, MAX_DOCUMENT_BYTES, TEXT_NAME, type DocumentId } from '@codesync/contract';
import { readDocument } from '@codesync/storage';
import * as Y from 'yjs';
import type { ApiDeps } from '../deps.ts';
import { answered } from '../http/outage.ts';
import { textEdits } from './text-edit.ts';

/** Stands for what is no text (a foreign client's embedded object): one character of Y.Text, none of a string. */
const EMBEDDED = '\u{FFFC}';

/** Log and snapshot merged (R5). Rejects with LogGap or SnapshotDamaged rather than with less than the whole text (R3). */
export async function loadDocument(
  document: DocumentId,
  { log, snapshots }: Pick<ApiDeps, 'log' | 'snapshots'>,
): Promise<Y.Doc> {
  const stored = await answered('document store', readDocument(document, log, snapshots));
  const doc = new Y.Doc();
  if (stored.snapshot !== undefined) Y.applyUpdate(doc, stored.snapshot.state.update);
  for (const entry of stored.tail) {
    for (const update of entry.updates) Y.applyUpdate(doc, update);
  }
  return doc;
}

export function textOf(doc: Y.Doc): string {
  return doc.getText(TEXT_NAME).toString();
}

/**
 * One update that makes the document's text `wanted`, already applied to `doc`; undefined when it is that. It holds only what
 * differs: merged with what others do at the same time, nothing of theirs is lost. Throws `too_large` (R17).
 */
export function editTo(doc: Y.Doc, wanted: string): Uint8Array | undefined {
  const text = doc.getText(TEXT_NAME);
  const current = withPlaces(text);
  const edits = textEdits(current, wanted);
  let update: Uint8Array | undefined;
  doc.once('update', (made) => {
    update = made;
  });
  doc.transact(() => {
    // From the end, so that the positions of those before stay true.
    for (const { index, remove, insert } of edits.toReversed()) {
      if (remove > 0) text.delete(index, remove);
      if (insert !== '') text.insert(index, insert);
    }
  });
  // A document that is too large already may get smaller.
  if (wanted.length >= current.length) assertFits(doc);
  return update;
}

/** The update that begins a document with this text; undefined for ''. Throws `too_large` (R17). */
export function firstUpdate(text: string): Uint8Array | undefined {
  return editTo(new Y.Doc(), text);
}

function assertFits(doc: Y.Doc): void {
  if (Y.encodeStateAsUpdate(doc).byteLength <= MAX_DOCUMENT_BYTES) return;
  throw new Failure('too_large', { detail: `The document would have more than ${MAX_DOCUMENT_BYTES} bytes.` });
}

/** The text as a string in which every position is the one that Y.Text means. */
function withPlaces(text: Y.Text): string {
  const plain = text.toString();
  if (plain.length === text.length) return plain;
  const parts: { insert: unknown }[] = text.toDelta();
  return parts.map(({ insert }) => (typeof insert === 'string' ? insert : EMBEDDED)).join('');
}
