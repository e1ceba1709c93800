import { describe, expect, it } from 'vitest';
import { CLOSE, closeCodeOf, isPermanent } from './close-codes.ts';
import { FAILURES, type FailureCode } from './failure.ts';

const EXPECTED: Record<FailureCode, number> = {
  bad_json: 4400,
  bad_request: 4400,
  invalid: 4400,
  not_signed_in: 4401,
  wrong_credentials: 4401,
  no_access: 4403,
  not_allowed: 4403,
  foreign_origin: 4403,
  not_found: 4404,
  document_not_found: 4404,
  user_not_found: 4404,
  too_large: 4413,
  email_taken: 1013,
  last_owner: 1013,
  conflict: 1013,
  too_many_requests: 1013,
  internal: 1011,
  unavailable: 4503,
};

it.each(Object.keys(FAILURES) as FailureCode[])('%s closes a socket with the code that says the same', (code) => {
  expect(closeCodeOf(code)).toBe(EXPECTED[code]);
});

describe('R9: which codes tell a client to stay away', () => {
  it.each([
    ['malformed', true],
    ['notSignedIn', true],
    ['noAccess', true],
    ['notFound', true],
    ['tooLarge', true],
    ['internal', false],
    ['restarting', false],
    ['tryAgain', false],
    ['unavailable', false],
  ] as const)('%s: %s', (name, permanent) => {
    expect(isPermanent(CLOSE[name])).toBe(permanent);
  });

  it('the range is 4400 to 4499, both ends included', () => {
    expect([4399, 4400, 4499, 4500].map(isPermanent)).toEqual([false, true, true, false]);
    expect([1000, 1001, 1005, 1006, 4000].some(isPermanent)).toBe(false);
  });

  it('every code is one that a server may send, and means one thing', () => {
    const codes = Object.values(CLOSE);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect([1011, 1012, 1013].includes(code) || (code >= 4000 && code <= 4999)).toBe(true);
  });
});

it('R15: a failure of our own never tells a client to stay away', () => {
  const ours = (Object.keys(FAILURES) as FailureCode[]).filter((code) => FAILURES[code].status >= 500);
  expect(ours.toSorted()).toEqual(['internal', 'unavailable']);
  expect(ours.map((code) => isPermanent(closeCodeOf(code)))).toEqual([false, false]);
});
