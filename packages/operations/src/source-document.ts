// A list's updates put together, as y-redis does it when a document is opened.
import { MAX_DOCUMENT_BYTES } from '@codesync/contract';
import * as Y from 'yjs';
import { Unimportable } from './unimportable.ts';

/** Of its limit, what a document may have grown to on its way to what it is now: beyond it memory is at stake. */
const MOST_GROWN = 8;

/** Throws Unimportable when an entry is no update, or when one is missing that others build upon. */
export async function mergeList(pages: AsyncIterable<readonly Uint8Array[]>): Promise<Y.Doc> {
  const doc = new Y.Doc();
  let index = 0;
  let unchecked = 0;
  for await (const page of pages) {
    applyPage(doc, page, index);
    index += page.length;
    unchecked += page.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (unchecked <= MAX_DOCUMENT_BYTES) continue;
    unchecked = 0;
    assertFits(doc, MOST_GROWN * MAX_DOCUMENT_BYTES);
  }
  assertWhole(doc);
  return doc;
}

/** Throws Unimportable (R17). */
export function assertFits(doc: Y.Doc, most: number = MAX_DOCUMENT_BYTES): void {
  const { byteLength } = Y.encodeStateAsUpdate(doc);
  if (byteLength <= most) return;
  throw new Unimportable(`too large: ${byteLength} bytes, and a document has at most ${MAX_DOCUMENT_BYTES}`);
}

function applyPage(doc: Y.Doc, page: readonly Uint8Array[], first: number): void {
  let applied = 0;
  try {
    doc.transact(() => {
      for (; applied < page.length && doc.store.pendingStructs === null; applied++) {
        Y.applyUpdate(doc, page[applied] ?? new Uint8Array());
      }
      // While something is missing, Yjs goes at each update through all that waits for it: of long lists that takes hours.
      if (applied < page.length) Y.applyUpdate(doc, Y.mergeUpdates(page.slice(applied)));
    });
  } catch (cause) {
    const broken = page.findIndex((update) => !isUpdate(update));
    const entry = first + (broken < 0 ? applied : broken);
    throw new Unimportable(`damaged: entry ${entry} of the list cannot be read as a Yjs update`, { cause });
  }
}

function isUpdate(update: Uint8Array): boolean {
  try {
    Y.decodeUpdate(update);
    return true;
  } catch {
    return false;
  }
}

function assertWhole({ store }: Y.Doc): void {
  const { pendingStructs, pendingDs } = store;
  if (pendingStructs === null && pendingDs === null) return;
  const [client] = pendingStructs?.missing.keys() ?? [];
  const what =
    client === undefined
      ? 'text that was deleted later'
      : `of client ${client} from clock ${Y.getState(store, client)} on`;
  throw new Unimportable(`damaged: edits are missing from the list (${what})`);
}
