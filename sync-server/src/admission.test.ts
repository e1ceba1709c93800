import { newDocumentId, SESSION_COOKIE } from '@codesync/contract';
import { expect, it } from 'vitest';
import { readSocketRequest } from './admission.ts';

const document = newDocumentId();

it('a socket’s address says the document, the token and whether our messages are wanted', () => {
  expect(readSocketRequest({ url: `/socket/${document}?token=abc&codesync=1`, headers: {} })).toEqual({
    document,
    token: 'abc',
    origin: undefined,
    speaksCodesync: true,
  });
});

it('the cookie stands in for a token that is not in the address', () => {
  const headers = { cookie: `a=b; ${SESSION_COOKIE}=jwt; c=d`, origin: 'https://codesync.test' };
  expect(readSocketRequest({ url: `/socket/${document}`, headers })).toEqual({
    document,
    token: 'jwt',
    origin: 'https://codesync.test',
    speaksCodesync: false,
  });
  expect(readSocketRequest({ url: `/socket/${document}?token=abc`, headers }).token).toBe('abc');
});

it.each([
  '/socket/',
  '/socket',
  '/socket/nothing',
  `/socket/${document}/more`,
  `/else/${document}`,
  '//',
  '',
  '/socket/%E0%A4%A',
  `/socket/${document}%00`,
])('%j names no document', (url) => {
  expect(readSocketRequest({ url, headers: {} }).document).toBeUndefined();
});
