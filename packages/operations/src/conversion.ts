// What a source document changes in the CodeSync document that it becomes: decided here, written elsewhere.
import { TEXT_NAME } from '@codesync/contract';
import type * as Y from 'yjs';
import { copyText, isCopy } from './plain-copy.ts';
import { assertFits } from './source-document.ts';
import { findText, type SourceText } from './source-text.ts';
import { takeOver } from './takeover.ts';
import { Unimportable } from './unimportable.ts';

export interface Conversion {
  /** What is new, as one edit; undefined: nothing is. */
  readonly update: Uint8Array | undefined;
  /** What a person should know who expects it to be the same. */
  readonly notes: readonly string[];
}

/** Applies it to `target`, too. Throws Unimportable. */
export function convert(source: Y.Doc, target: Y.Doc, wantedRoot: string | undefined): Conversion {
  const found = findText(source, wantedRoot);
  const update = isCopied(source, target, found) ? copyText(target, found.text) : takeOver(target, source);
  if (update !== undefined) assertFits(target);
  return { update, notes: update === undefined ? [] : notesOn(found) };
}

/** Once taken over, a document stays so: copying its text as well would double it. */
function isCopied(source: Y.Doc, target: Y.Doc, { root, plain }: SourceText): boolean {
  if (isCopy(target)) return true;
  if (target.store.clients.size === 0) return root !== TEXT_NAME || !plain || !source.share.has(TEXT_NAME);
  if (root !== TEXT_NAME || !haveCommonClient(source, target)) {
    throw new Unimportable('the document that was imported under this name has another history');
  }
  return false;
}

/** A list only grows: who was in it when it was imported is in it still. */
function haveCommonClient(source: Y.Doc, target: Y.Doc): boolean {
  const { clients } = source.store;
  return clients.size === 0 || [...clients.keys()].some((client) => target.store.clients.has(client));
}

function notesOn({ root, plain, others }: SourceText): string[] {
  const notes: string[] = [];
  if (root !== TEXT_NAME) notes.push(`its text is that under ${JSON.stringify(root)}`);
  if (!plain) notes.push('formatting and embedded objects stay behind');
  if (others.length > 0) notes.push(`text under ${others.map((name) => JSON.stringify(name)).join(', ')} is not shown`);
  return notes;
}
