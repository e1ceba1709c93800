import { expect, it } from 'vitest';
import { initials } from './initials.ts';

it('a name is its first and last initial', () => {
  expect(initials('Ana María Souza')).toBe('AS');
  expect(initials('  ben ')).toBe('B');
});

it('letters of more than one code unit stay whole', () => {
  expect(initials('👩‍💻 Dev')).toBe('👩‍💻D');
  expect(initials('é́milie zola')).toBe('É́Z');
});

it('a name without letters is a question mark', () => {
  expect(initials('   ')).toBe('?');
});
