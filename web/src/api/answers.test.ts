import { Failure } from '@codesync/contract';
import { describe, expect, it } from 'vitest';
import { bodyOf, done, failureOf, fieldError, messageOf, Unreachable } from './answers.ts';
import { isWorthRetrying } from './query-client.ts';

const problem = (status: number, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(new Response(JSON.stringify(body), { status, headers }));

describe('an answer', () => {
  it('of 2xx is its body', async () => {
    expect(await bodyOf(problem(200, { user: 1 }))).toEqual({ user: 1 });
    await expect(done(Promise.resolve(new Response(null, { status: 204 })))).resolves.toBeUndefined();
  });

  it('that is a problem is thrown as the same Failure that the server threw', async () => {
    const errors = [{ path: 'password', message: 'A password has at least 8 characters.' }];
    const error = await bodyOf(problem(422, { code: 'invalid', title: 'x', status: 422, errors })).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'invalid', errors });
    expect(fieldError(error, 'password')).toBe('A password has at least 8 characters.');
    expect(fieldError(error, 'email')).toBeUndefined();
  });

  it('that never came is Unreachable', async () => {
    await expect(bodyOf(Promise.reject(new TypeError('Failed to fetch')))).rejects.toThrow(Unreachable);
  });

  it('of a proxy in its own words still has a code', async () => {
    const html = Promise.resolve(new Response('<h1>Bad gateway</h1>', { status: 502 }));
    await expect(done(html)).rejects.toMatchObject({ code: 'unavailable' });
    expect(failureOf(500, 'boom', null).code).toBe('internal');
    expect(failureOf(413, undefined, null).code).toBe('too_large');
    expect(failureOf(429, { code: 'toString' }, '7')).toMatchObject({ code: 'too_many_requests', retryAfter: 7 });
  });

  it('with errors of the wrong shape has no field errors', () => {
    expect(failureOf(422, { code: 'invalid', errors: [null, 'x', { path: 1 }] }, null).errors).toBeUndefined();
  });
});

describe('a message', () => {
  it('says how long to wait', () => {
    expect(messageOf(new Failure('too_many_requests', { retryAfter: 30 }))).toBe(
      'Too many requests. Try again in 30 s.',
    );
    expect(messageOf(new Failure('too_many_requests', { retryAfter: 600 }))).toBe(
      'Too many requests. Try again in 10 min.',
    );
  });

  it('never shows a defect as it is', () => {
    expect(messageOf(new TypeError("Cannot read properties of undefined (reading 'x')"))).toContain('Reload');
  });
});

it('what the server refused is not asked again; what did not reach it is, twice', () => {
  expect(isWorthRetrying(0, new Failure('no_access'))).toBe(false);
  expect(isWorthRetrying(1, new Unreachable(undefined))).toBe(true);
  expect(isWorthRetrying(1, new Failure('unavailable'))).toBe(true);
  expect(isWorthRetrying(2, new Unreachable(undefined))).toBe(false);
});
