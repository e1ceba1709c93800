import { TEXT_NAME, toLineFeeds } from '@codesync/contract';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { convert } from './conversion.ts';

/** Emoji that share their first half, their second half, or nothing. */
const text = fc
  .array(fc.constantFrom('a', 'b', '\r', '\n', '\r\n', '\u{1F600}', '\u{1F601}', '\u{1FA00}'), { maxLength: 30 })
  .map((parts) => parts.join(''));

/** What a client left that made the first text and then the second one of it. */
function versions(root: string, first: string, second: string): [Y.Doc, Y.Doc] {
  const later = new Y.Doc();
  later.getText(root).insert(0, first);
  const earlier = copyOf(later);
  later.getText(root).delete(0, Math.floor(first.length / 2));
  later.getText(root).insert(0, second);
  return [earlier, copyOf(later)];
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}

function imported(target: Y.Doc, source: Y.Doc): Uint8Array {
  const { update } = convert(copyOf(source), copyOf(target), undefined);
  if (update !== undefined) Y.applyUpdate(target, update);
  return update ?? new Uint8Array();
}

const textOf = (doc: Y.Doc, root = TEXT_NAME) => doc.getText(root).toString();

describe('convert', () => {
  it.each([TEXT_NAME, 'monaco'])('R21: the text under %j, exactly and with LF', (root) => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        for (const source of versions(root, first, second)) {
          const target = new Y.Doc();
          imported(target, source);
          expect(textOf(target)).toBe(toLineFeeds(textOf(source, root)));
          expect(imported(target, source)).toHaveLength(0);
        }
      }),
    );
  });

  it.each([TEXT_NAME, 'monaco'])('what has become of the text under %j since', (root) => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        const target = new Y.Doc();
        // A line end that was made an LF is another character, which does not go with the \r that was there.
        const [earlier, later] = versions(root, toLineFeeds(first), second);
        imported(target, earlier);
        imported(target, later);
        expect(textOf(target)).toBe(toLineFeeds(textOf(later, root)));
        expect(imported(target, later)).toHaveLength(0);
      }),
    );
  });

  it.each([TEXT_NAME, 'monaco'])('two at once of the text under %j write the same bytes', (root) => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        const target = new Y.Doc();
        for (const source of versions(root, first, second)) {
          const other = copyOf(target);
          expect(imported(target, source)).toEqual(imported(other, source));
        }
      }),
    );
  });

  it('two at once of texts that differ stay apart: neither takes the other’s place', () => {
    const [earlier, later] = versions('monaco', 'one', 'two');
    const target = new Y.Doc();
    const [first, second] = [imported(copyOf(target), earlier), imported(copyOf(target), later)];
    for (const update of [first, second]) Y.applyUpdate(target, update);
    expect(target.store.clients.size).toBe(2);
    expect(textOf(target)).toContain('one');
    expect(textOf(target)).toContain('two');
  });

  it('who still holds the old document and types on ends with the same text as everyone', () => {
    fc.assert(
      fc.property(text, text, fc.nat(), (first, typed, place) => {
        const client = new Y.Doc();
        client.getText(TEXT_NAME).insert(0, `.${first}`);
        const target = new Y.Doc();
        imported(target, client);
        client.getText(TEXT_NAME).insert(place % 2, `<${typed.replaceAll('\r', '')}>`);
        Y.applyUpdate(target, Y.encodeStateAsUpdate(client));
        Y.applyUpdate(client, Y.encodeStateAsUpdate(target));
        expect(textOf(client)).toBe(textOf(target));
        expect(textOf(target)).toBe(toLineFeeds(textOf(target)));
        expect(textOf(target).replace(/<[^>]*>/, '')).toBe(toLineFeeds(`.${first}`));
      }),
    );
  });

  it('what an embedded object came to later is merged in, and carriage returns behind it are found', () => {
    const client = new Y.Doc();
    client.getText(TEXT_NAME).insert(0, 'text');
    const target = new Y.Doc();
    imported(target, client);
    client.getText(TEXT_NAME).insertEmbed(0, { image: 'x' });
    client.getText(TEXT_NAME).insert(3, 'a\rb');
    imported(target, client);
    expect(textOf(target)).toBe('tea\nbxt');
  });
});
