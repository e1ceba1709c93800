// The fault suite's own judgement: it must see what is missing.
import { TEXT_NAME } from '@codesync/contract';
import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { missingFrom } from './stored-document.ts';

/** The updates of three edits: an insertion, another one, and the deletion of a part of the first. */
function threeEdits(): readonly [Uint8Array, Uint8Array, Uint8Array] {
  const doc = new Y.Doc();
  const text = doc.getText(TEXT_NAME);
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  text.insert(0, 'hello');
  text.insert(5, ' world');
  text.delete(1, 2);
  const [first, second, third] = updates;
  if (first === undefined || second === undefined || third === undefined) throw new Error('no updates');
  return [first, second, third];
}

function docOf(...updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

it('a document that was given everything lacks nothing, in whatever order and however often it came', () => {
  const [first, second, third] = threeEdits();
  expect(missingFrom(docOf(first, second, third), [first, second, third])).toBeUndefined();
  expect(missingFrom(docOf(third, second, first, second), [third, first])).toBeUndefined();
  expect(missingFrom(docOf(), [])).toBeUndefined();
});

it('R6: a missing insertion is seen, and so is a missing deletion', () => {
  const [first, second, third] = threeEdits();
  expect(missingFrom(docOf(first), [first, second])).toMatch(/^5 of 11 by \d+$/);
  expect(missingFrom(docOf(first, second), [third])).toBe('all but some deletions');
});

it('what waits for an update that nobody has is no loss as long as it waits', () => {
  const [first, second, third] = threeEdits();
  expect(missingFrom(docOf(second, third), [second, third])).toBeUndefined();
  expect(missingFrom(docOf(), [second])).toBe('all but some of what waits for other updates');
  expect(missingFrom(docOf(second), [third])).toBe('all but some of what waits for other updates');
  expect(missingFrom(docOf(second), [first])).toMatch(/^0 of 11 by \d+$/);
});
