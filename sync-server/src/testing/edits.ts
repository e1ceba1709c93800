// Random editing sessions of several people on Y.Docs: every kind of content that Yjs can write, offline stretches and merges.
import { TEXT_NAME } from '@codesync/contract';
import * as fc from 'fast-check';
import * as Y from 'yjs';

const PEERS = 3;

/** Text that is easy to get wrong: pairs of UTF-16 units, several bytes a character, line ends of all kinds, a byte order mark. */
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
  fc.constantFrom('😀', 'a😀b😀c', '\n', '\r\n', 'x\ry', '\uFEFF', 'héllo', '漢字', 'if (a) {\n  b();\n}\n'),
);

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom({ big: 1n, none: undefined }, [undefined], -5, 1.5, 2 ** 40, -0, 'text\r'),
  fc.uint8Array({ maxLength: 5 }),
);

const peer = fc.nat({ max: PEERS - 1 });
/** Taken modulo what there is. */
const place = fc.nat({ max: 1_000 });

const edit = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('insert' as const), peer, place, text }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('delete' as const), peer, place, length: fc.integer({ min: 1, max: 8 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('format' as const),
      peer,
      place,
      bold: fc.constantFrom(true, null, 'heavy'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('embed' as const),
      peer,
      place,
      value: fc.dictionary(fc.string(), fc.jsonValue()),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('set' as const), peer, key: fc.constantFrom('a', 'b', '😀'), value }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('unset' as const), peer, key: fc.constantFrom('a', 'b', '😀') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('push' as const),
      peer,
      place,
      values: fc.array(value, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pull' as const), peer, place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('nest' as const), peer, place, type: fc.nat({ max: 6 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('hear' as const), peer, from: peer }) },
);

type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(edit, { minLength: 1, maxLength: 40 });

export interface Session {
  /** All updates, each person's in order. */
  readonly updates: readonly Uint8Array[];
  /** What a document is that has heard them all. */
  readonly complete: Y.Doc;
}

export function play(script: readonly Edit[]): Session {
  const updates: Uint8Array[] = [];
  const docs = Array.from({ length: PEERS }, (_, index) => {
    const doc = new Y.Doc();
    // Not Yjs' random one: a failure must fail again.
    doc.clientID = [7, 3_000_000_000, 512][index] ?? index;
    doc.on('update', (update: Uint8Array, _origin, _doc, { local }: Y.Transaction) => {
      if (local) updates.push(update);
    });
    return doc;
  });
  for (const edit of script) {
    const doc = docs[edit.peer];
    if (doc === undefined) continue;
    const heard = edit.kind === 'hear' ? docs[edit.from] : undefined;
    if (heard !== undefined) Y.applyUpdate(doc, Y.encodeStateAsUpdate(heard, Y.encodeStateVector(doc)));
    else doc.transact(() => make(doc, edit));
  }
  const complete = new Y.Doc();
  for (const doc of docs) Y.applyUpdate(complete, Y.encodeStateAsUpdate(doc));
  return { updates, complete };
}

function make(doc: Y.Doc, edit: Edit): void {
  const content = doc.getText(TEXT_NAME);
  const list = doc.getArray('list');
  const map = doc.getMap('map');
  switch (edit.kind) {
    case 'insert':
      return content.insert(boundary(content, edit.place), edit.text);
    case 'delete': {
      const at = boundary(content, edit.place);
      return content.delete(at, Math.max(0, boundary(content, at + edit.length) - at));
    }
    case 'format': {
      const at = boundary(content, edit.place);
      return content.format(at, Math.max(0, boundary(content, at + 3) - at), { bold: edit.bold });
    }
    case 'embed':
      return content.insertEmbed(boundary(content, edit.place), edit.value);
    case 'set':
      return void map.set(edit.key, edit.value);
    case 'unset':
      return map.delete(edit.key);
    case 'push':
      return list.insert(edit.place % (list.length + 1), edit.values);
    case 'pull':
      return list.length === 0 ? undefined : list.delete(edit.place % list.length, 1);
    case 'nest':
      return list.insert(edit.place % (list.length + 1), [nested(edit.type)]);
    case 'hear':
      return undefined;
  }
}

/** The end of the character at a place: inside one Yjs itself loses it, on the peer that edits there alone. */
function boundary(content: Y.Text, place: number): number {
  const delta = content.toDelta() as { insert: unknown }[];
  const text = delta.map(({ insert }) => (typeof insert === 'string' ? insert : 'E')).join('');
  const at = place > text.length ? place % (text.length + 1) : place;
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at + 1 : at;
}

function nested(type: number): unknown {
  switch (type) {
    case 0:
      return new Y.Text('inner text');
    case 1:
      return new Y.Map([['key', 'value']]);
    case 2:
      return Y.Array.from([1, 2, 3]);
    case 3: {
      const element = new Y.XmlElement('p');
      element.setAttribute('class', 'x');
      element.insert(0, [new Y.XmlText('words')]);
      return element;
    }
    case 4:
      return new Y.XmlFragment();
    case 5:
      return new Y.Doc({ guid: 'inner', meta: { kind: 'note' }, autoLoad: true });
    default:
      return new Y.XmlHook('hook');
  }
}

/**
 * Everything that a document shows, to compare two of them. Not its delete set: of formatting that two people gave the same text, Yjs
 * deletes what is redundant, and which that is depends on who heard what first.
 */
export function contentOf(doc: Y.Doc): unknown {
  return {
    text: doc.getText(TEXT_NAME).toDelta(),
    list: doc.getArray('list').toArray().map(plain),
    map: doc.getMap('map').toJSON(),
    stateVector: Y.encodeStateVector(doc),
  };
}

function plain(element: unknown): unknown {
  if (element instanceof Y.Text) return element.toDelta();
  if (element instanceof Y.AbstractType) return element.toJSON();
  return element instanceof Y.Doc ? element.guid : element;
}
