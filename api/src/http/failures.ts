// The one place where an error becomes a response.
import { Failure, FAILURES, type Problem } from '@codesync/contract';
import type { Context, ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ApiDeps } from '../deps.ts';
import type { RequestEnv } from './env.ts';
import { isDatabaseOutage } from './outage.ts';

export function problemResponder({ logger }: Pick<ApiDeps, 'logger'>): ErrorHandler<RequestEnv> {
  return (error, c) => {
    const failure = failureOf(error);
    if (failure.status >= 500) {
      logger.error({ err: error, code: failure.code, requestId: c.var.requestId, path: c.req.path }, 'request failed');
    }
    return answerFailure(c, failure);
  };
}

/** Says no more than the answer does: what is worth a line in the log is said by whoever answers with it. */
export function answerFailure(c: Context<RequestEnv>, failure: Failure): Response {
  if (failure.retryAfter !== undefined) c.header('retry-after', String(failure.retryAfter));
  const body = JSON.stringify(problemOf(failure));
  return c.body(body, failure.status as ContentfulStatusCode, { 'content-type': 'application/problem+json' });
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof HTTPException && error.status < 500) return new Failure('bad_request', { cause: error });
  if (isDatabaseOutage(error)) {
    return new Failure('unavailable', { detail: 'The database is not available.', cause: error });
  }
  return new Failure('internal', { cause: error });
}

function problemOf(failure: Failure): Problem {
  const { status, title } = FAILURES[failure.code];
  return {
    type: 'about:blank',
    title,
    status,
    code: failure.code,
    ...(failure.message === title ? {} : { detail: failure.message }),
    ...(failure.errors === undefined ? {} : { errors: failure.errors }),
  };
}
