// Middleware order and routers on one screen.
import { Failure } from '@codesync/contract';
import { Hono } from 'hono';
import { requestId } from 'hono/request-id';
import { accountRoutes } from './accounts/routes.ts';
import { contentRoutes } from './content/routes.ts';
import type { ApiDeps, ApiOptions } from './deps.ts';
import { documentRoutes } from './documents/routes.ts';
import { healthRoutes } from './health/routes.ts';
import { accessLines } from './http/access-lines.ts';
import type { RequestEnv } from './http/env.ts';
import { problemResponder } from './http/failures.ts';
import { knownOrigin } from './http/origin.ts';
import { privateAnswers } from './http/private-answers.ts';
import { memberRoutes } from './members/routes.ts';
import { ticketRoutes } from './tickets/routes.ts';

/** Serves everything under /api. Answers errors as application/problem+json; never throws. */
export function createApi(deps: ApiDeps, options: ApiOptions) {
  const app = new Hono<RequestEnv>()
    .basePath('/api')
    .use(requestId({ limitLength: 128 }))
    .use(accessLines(deps))
    .use(privateAnswers)
    .use(knownOrigin(options));

  const answerWithProblem = problemResponder(deps);
  app.onError(answerWithProblem);
  app.notFound((c) => answerWithProblem(new Failure('not_found'), c));

  return app
    .route('/', healthRoutes(deps))
    .route('/auth', accountRoutes(deps, options))
    .route('/documents', documentRoutes(deps))
    .route('/documents', contentRoutes(deps))
    .route('/documents', memberRoutes(deps))
    .route('/documents', ticketRoutes(deps));
}
