import { DocumentId, DocumentTitle } from '@codesync/contract';
import { expect, it } from 'vitest';
import { documentIdOf, languageOf, titleOf } from './document-name.ts';

it('the id of a name and an owner never changes: imports of years ago are found by it', () => {
  expect(documentIdOf('main.rs', 'ana@example.com')).toBe('3a49ca18-aa4c-8c6c-8640-62fba3b7fc02');
});

it('other names and other owners have other ids, and each is a document id', () => {
  const pairs = [
    ['a', 'b'],
    ['ab', ''],
    ['', 'ab'],
    ['a","b', ''],
    ['ä', 'ana@example.com'],
    ['a\u{308}', 'ana@example.com'],
  ] as const;
  const ids = pairs.map(([name, owner]) => documentIdOf(name, owner));
  expect(new Set(ids).size).toBe(pairs.length);
  for (const id of ids) expect(DocumentId.parse(id)).toBe(id);
});

it.each([
  ['main.rs', 'main.rs'],
  [' a b ', 'a b'],
  ['', 'Untitled'],
  [' \0 ', 'Untitled'],
  ['x'.repeat(200), 'x'.repeat(200)],
  ['x'.repeat(201), `${'x'.repeat(199)}…`],
  [`${'x'.repeat(198)}😀😀`, `${'x'.repeat(198)}…`],
  [`\0${'x'.repeat(200)}`, 'x'.repeat(200)],
])('the name %j becomes the title %j', (name, title) => {
  expect(titleOf(name)).toBe(title);
  expect(DocumentTitle.parse(title)).toBe(title);
});

it.each([
  ['src/main.rs', 'rust'],
  ['Dockerfile', 'dockerfile'],
  ['room-17', 'plaintext'],
  [`${'x'.repeat(300)}.py`, 'python'],
])('the name %s has the language %s', (name, language) => {
  expect(languageOf(name)).toBe(language);
});
