import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { returnTo, signInAddress, withReturn } from './return-to.ts';

const ORIGIN = 'https://codesync.example';

it('a document that asked for a sign-in is where the sign-in leads', () => {
  const path = '/d/4f6c1f0a-8a52-4c7e-9f0a-2f6f6f1f2f3a?line=3';
  expect(returnTo(new URL(signInAddress(path), ORIGIN).search, ORIGIN)).toBe(path);
});

it('no wish, or a wish for one of the forms, leads to the list', () => {
  expect(returnTo('', ORIGIN)).toBe('/documents');
  expect(returnTo('?to=/login?to=/login', ORIGIN)).toBe('/documents');
  expect(returnTo('?to=/register', ORIGIN)).toBe('/documents');
});

it.each([
  '//evil.example',
  '/\\evil.example',
  '/.//evil.example',
  '/\t/evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  'd/1',
])('never leads off this site: %j', (to) => {
  expect(returnTo(`?to=${encodeURIComponent(to)}`, ORIGIN)).toBe('/documents');
});

it('whatever `to` says, the browser stays on this site', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.string().map((rest) => `/${rest}`),
      ),
      (to) => {
        const path = returnTo(`?to=${encodeURIComponent(to)}`, ORIGIN);
        expect(path.startsWith('/')).toBe(true);
        expect(new URL(path, ORIGIN).origin).toBe(ORIGIN);
      },
    ),
  );
});

it('changing from one form to the other keeps the wish', () => {
  expect(withReturn('/register', '?to=%2Fd%2F1')).toBe('/register?to=%2Fd%2F1');
  expect(withReturn('/login', '')).toBe('/login');
});
