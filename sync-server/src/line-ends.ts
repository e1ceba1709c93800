// The edit by which the server takes carriage returns out of a document's text, whoever brought them (R21).
import type { DocumentState } from '@codesync/storage';
import { createHash } from 'node:crypto';
import * as Y from 'yjs';

/** Yjs' delta, as far as it is read here. */
interface Insert {
  readonly insert: unknown;
  readonly attributes?: Record<string, unknown>;
}

type Change = { retain: number } | { delete: number } | { insert: string; attributes: Record<string, unknown> };

/**
 * Makes CRLF and lone CR of the text LF, with the fewest edits, and returns them as one update; undefined when there is nothing to do.
 *
 * Two tasks that do this to the same state at the same time write the same bytes, so that a line end is not doubled: the author's
 * id is taken from the state.
 */
export function withoutCarriageReturns(doc: Y.Doc, text: Y.Text, state: DocumentState): Uint8Array | undefined {
  if (!text.toString().includes('\r')) return undefined;
  doc.clientID = authorOf(doc, state);
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  text.applyDelta(lineFeedChanges(text.toDelta() as Insert[]));
  return Y.mergeUpdates(updates);
}

/** The \r before a \n goes; any other gives way to a \n with its formatting. */
function lineFeedChanges(delta: readonly Insert[]): Change[] {
  const changes: Change[] = [];
  let retained = 0;
  const change = (...made: Change[]) => {
    if (retained > 0) changes.push({ retain: retained });
    retained = 0;
    changes.push(...made);
  };
  delta.forEach(({ insert, attributes }, index) => {
    if (typeof insert !== 'string') {
      retained++;
      return;
    }
    const following = delta[index + 1]?.insert;
    const after = typeof following === 'string' ? following[0] : undefined;
    for (let i = 0; i < insert.length;) {
      const found = insert.indexOf('\r', i);
      if (found < 0) {
        retained += insert.length - i;
        break;
      }
      retained += found - i;
      const next = found + 1 < insert.length ? insert[found + 1] : after;
      if (next === '\n') change({ delete: 1 });
      else change({ insert: '\n', attributes: attributes ?? {} }, { delete: 1 });
      i = found + 1;
    }
  });
  return changes;
}

/** A client id that depends on nothing but the state, and that no one in the document has. */
function authorOf(doc: Y.Doc, state: DocumentState): number {
  let hash = createHash('sha256').update(state.stateVector).update(state.deleteSet).digest();
  while (doc.store.clients.has(hash.readUInt32BE(0))) hash = createHash('sha256').update(hash).digest();
  return hash.readUInt32BE(0);
}
