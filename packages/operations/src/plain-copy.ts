// Carries a text over as text alone: into a new history, from a root of another name or out of rich text.
import { TEXT_NAME, toLineFeeds } from '@codesync/contract';
import { createHash } from 'node:crypto';
import type * as Y from 'yjs';
import { authorOf, updateOf } from './importer-edit.ts';
import { Unimportable } from './unimportable.ts';

/** A root beside the text that remembers which text was copied last: only by that a later import can tell who edited since. */
const MARK = { root: 'y-redis', key: 'copied' } as const;

const NOTHING_COPIED = digest('');

/** Whether the document was made of a copied text. */
export function isCopy(target: Y.Doc): boolean {
  return target.getMap(MARK.root).has(MARK.key);
}

/**
 * Brings `target` to this text, with line feeds only (R21), and returns that as one update; undefined when that is done
 * already. Throws Unimportable when both have changed since the last copy: one would take the other's place.
 */
export function copyText(target: Y.Doc, source: string): Uint8Array | undefined {
  const wanted = toLineFeeds(source);
  const mark = target.getMap(MARK.root);
  const copied = mark.get(MARK.key) ?? NOTHING_COPIED;
  const text = target.getText(TEXT_NAME);
  const current = text.toString();
  if (digest(wanted) === copied || wanted === current) return undefined;
  if (digest(current) !== copied || text.length !== current.length) {
    throw new Unimportable('the list has grown, but the document was edited in CodeSync since it was imported');
  }
  target.clientID = authorOf(target, wanted);
  return updateOf(target, () => {
    target.transact(() => {
      const [from, to] = difference(current, wanted);
      text.delete(from, current.length - to - from);
      text.insert(from, wanted.slice(from, wanted.length - to));
      mark.set(MARK.key, digest(wanted));
    });
  });
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** How much the two have in common at their beginnings and at their ends; never half a character. */
function difference(one: string, other: string): [number, number] {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start++;
  if (/[\uD800-\uDBFF]/.test(one[start - 1] ?? '')) start--;
  let end = 0;
  while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  if (end > 0 && /[\uDC00-\uDFFF]/.test(one.at(-end) ?? '')) end--;
  return [start, end];
}
