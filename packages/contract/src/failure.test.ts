import { expect, it } from 'vitest';
import { Failure, FAILURES, type FailureCode } from './failure.ts';

it.each(Object.keys(FAILURES) as FailureCode[])('%s says its own sentence and status', (code) => {
  const failure = new Failure(code);
  expect(failure).toBeInstanceOf(Error);
  expect(failure.code).toBe(code);
  expect(failure.status).toBe(FAILURES[code].status);
  expect(failure.message).toBe(FAILURES[code].title);
  expect(failure.status).toBeGreaterThanOrEqual(400);
});

it('a failure carries what it was given: a detail, fields, when to come back, and its cause', () => {
  const cause = new Error('the connection was lost');
  const errors = [{ path: 'email', message: 'Enter an e-mail address.' }];
  const failure = new Failure('invalid', { detail: 'Two fields.', errors, retryAfter: 30, cause });
  expect(failure).toMatchObject({ message: 'Two fields.', errors, retryAfter: 30, cause, name: 'Failure' });
});

it('a stranger and a missing document are told apart only by code, and neither sentence tells of the document', () => {
  expect(FAILURES.no_access.status).toBe(403);
  expect(FAILURES.document_not_found.status).toBe(404);
});
