// Which of a document's roots holds its text. CodeSync's is named 'content'; applications name theirs as they like.
import { TEXT_NAME } from '@codesync/contract';
import * as Y from 'yjs';
import { Unimportable } from './unimportable.ts';

export interface SourceText {
  /** The root's name. */
  readonly root: string;
  readonly text: string;
  /** Nothing but text: no formatting, no embedded objects. */
  readonly plain: boolean;
  /** Other roots that hold text. */
  readonly others: readonly string[];
}

/** Throws Unimportable when it is not clear which text is meant, or when there is something and none of it is text. */
export function findText(doc: Y.Doc, wanted: string | undefined): SourceText {
  const roots = new Map([...doc.share].map(([name, type]) => [name, holds(type)]));
  const texts = [...roots].filter(([, kind]) => kind === 'text').map(([name]) => name);
  const root = wanted ?? (isText(roots.get(TEXT_NAME)) ? TEXT_NAME : onlyOf(texts));
  if (!isText(roots.get(root)) && [...roots.values()].some((kind) => kind !== 'nothing' && kind !== 'deleted')) {
    const known = [...roots.keys()].map(quoted).join(', ');
    throw new Unimportable(`no text under ${quoted(root)}; there is ${known}`);
  }
  const text = doc.getText(root);
  const delta = text.toDelta() as { readonly insert: unknown; readonly attributes?: unknown }[];
  return {
    root,
    text: text.toString(),
    plain: delta.every(({ insert, attributes }) => typeof insert === 'string' && attributes === undefined),
    others: texts.filter((name) => name !== root),
  };
}

type Holding = 'text' | 'deleted' | 'nothing' | 'something else';

function isText(kind: Holding | undefined): boolean {
  return kind === 'text' || kind === 'deleted';
}

/** Of what kind a root is, only what is in it tells. */
function holds(type: Pick<Y.AbstractType<unknown>, '_start' | '_map'>): Holding {
  let kind: Holding = type._start === null ? 'nothing' : 'deleted';
  for (let item = type._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    if (item.content instanceof Y.ContentString) return 'text';
    kind = 'something else';
  }
  return [...type._map.values()].some((item) => !item.deleted) ? 'something else' : kind;
}

function onlyOf(texts: readonly string[]): string {
  if (texts.length > 1) {
    throw new Unimportable(`text under ${texts.map(quoted).join(' and ')}: --text says which one is meant`);
  }
  return texts[0] ?? TEXT_NAME;
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
