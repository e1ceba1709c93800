// Which language a document is shown in.
import { expect, it } from 'vitest';
import { effectiveLanguage, languageName, LANGUAGES } from './languages.ts';

it.each([
  ['plaintext', 'broadcast.ts', 'typescript'],
  ['plaintext', 'Dockerfile', 'dockerfile'],
  ['plaintext', 'notes', 'plaintext'],
  ['plaintext', 'v1.0', 'plaintext'],
  ['plaintext', '.gitconfig', 'ini'],
  ['python', 'broadcast.ts', 'python'],
])('%s with the title %s is %s', (language, title, shown) => {
  expect(effectiveLanguage(language, title)).toBe(shown);
});

it('no ending belongs to two languages', () => {
  const endings = LANGUAGES.flatMap((language) => language.endings);
  expect(new Set(endings).size).toBe(endings.length);
});

it('an unknown language is shown by its id', () => {
  expect(languageName('cobol')).toBe('cobol');
});
