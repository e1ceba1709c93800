// Takes over a document with its history, so that clients that still hold it merge cleanly.
import { TEXT_NAME } from '@codesync/contract';
import * as Y from 'yjs';
import { authorOf, updateOf } from './importer-edit.ts';

/** Brings `target` what it lacks of `source`, with line feeds only (R21), and returns that as one update; undefined: nothing. */
export function takeOver(target: Y.Doc, source: Y.Doc): Uint8Array | undefined {
  return updateOf(target, () => {
    Y.applyUpdate(target, Y.encodeStateAsUpdate(source));
    target.clientID = authorOf(target, 'line ends');
    target.transact(() => removeCarriageReturns(target.getText(TEXT_NAME)));
  });
}

/** The \r before a \n goes, any other gives way to a \n: as the sync server does it, which leaves it nothing to do. */
function removeCarriageReturns(text: Y.Text): void {
  const places = textByPlace(text);
  for (const { 0: found, index } of [...places.matchAll(/\r\n?/g)].toReversed()) {
    text.delete(index, 1);
    if (found === '\r') text.insert(index, '\n');
  }
}

/** The text as a string in which every position is the one that Y.Text means: an embedded object is one character of it. */
function textByPlace(text: Y.Text): string {
  const parts = text.toDelta() as { readonly insert: unknown }[];
  return parts.map(({ insert }) => (typeof insert === 'string' ? insert : '\u{FFFC}')).join('');
}
