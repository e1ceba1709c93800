import { TEXT_NAME, toLineFeeds } from '@codesync/contract';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { edits, play } from './testing/edits.ts';
import { mergeDocument } from './yjs/merge.ts';

// Many random documents: more than the usual five seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

function documentWith(text: string): Y.Doc {
  const doc = new Y.Doc();
  doc.getText(TEXT_NAME).insert(0, text);
  return doc;
}

/** The update by which the server answers, applied. */
function answered(doc: Y.Doc): Y.Doc {
  const { lineEnds } = mergeDocument(undefined, [Y.encodeStateAsUpdate(doc)]);
  if (lineEnds !== undefined) Y.applyUpdate(doc, lineEnds);
  return doc;
}

describe('line ends', () => {
  it('R21: CRLF and lone CR become LF, whatever else is in the text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\r', '\n', '\r\n', 'a', '😀')), (parts) => {
        const text = parts.join('');
        expect(answered(documentWith(text)).getText(TEXT_NAME).toString()).toBe(toLineFeeds(text));
      }),
    );
  });

  it('R21: formats and embedded objects stay where they are', () => {
    fc.assert(
      fc.property(edits, (script) => {
        const { complete } = play(script);
        const before = complete.getText(TEXT_NAME).toDelta() as { insert: unknown }[];
        const after = answered(complete).getText(TEXT_NAME).toDelta() as { insert: unknown }[];
        const embeds = (delta: { insert: unknown }[]) => delta.filter(({ insert }) => typeof insert !== 'string');
        expect(embeds(after)).toEqual(embeds(before));
        expect(complete.getText(TEXT_NAME).toString()).not.toContain('\r');
      }),
      { numRuns: 200 },
    );
    const doc = documentWith('one\rtwo');
    doc.getText(TEXT_NAME).format(2, 3, { bold: true });
    doc.getText(TEXT_NAME).insertEmbed(0, { image: 'x' });
    const bold = { bold: true };
    expect(answered(doc).getText(TEXT_NAME).toDelta()).toEqual([
      { insert: { image: 'x' } },
      { insert: 'on' },
      { insert: 'e\nt', attributes: bold },
      { insert: 'wo' },
    ]);
  });

  it('R21: touches nothing but the carriage returns, so that cursors and concurrent edits stay', () => {
    const doc = documentWith('first\r\nsecond\r\n');
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    other.getText(TEXT_NAME).insert(7, 'typed meanwhile ');
    const before = Y.encodeStateVector(doc);
    answered(doc);
    // Deletes alone: for CRLF nothing is inserted.
    expect(Y.encodeStateVector(doc)).toEqual(before);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(doc.getText(TEXT_NAME).toString()).toBe('first\ntyped meanwhile second\n');
  });

  it('R21: two tasks that answer the same state do not double a line end', () => {
    const state = Y.encodeStateAsUpdate(documentWith('a\rb\rc'));
    const one = mergeDocument(undefined, [state]).lineEnds;
    const two = mergeDocument(undefined, [state]).lineEnds;
    expect(one).toEqual(two);
    const doc = new Y.Doc();
    for (const update of [state, one, two]) if (update !== undefined) Y.applyUpdate(doc, update);
    expect(doc.getText(TEXT_NAME).toString()).toBe('a\nb\nc');
  });

  it('leaves a text without carriage returns alone', () => {
    expect(mergeDocument(undefined, [Y.encodeStateAsUpdate(documentWith('a\nb'))]).lineEnds).toBeUndefined();
  });
});
