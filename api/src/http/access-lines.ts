// One log line a request. Query strings, tokens and e-mail addresses stay out of it.
import { createMiddleware } from 'hono/factory';
import type { ApiDeps } from '../deps.ts';
import type { RequestEnv } from './env.ts';

export function accessLines({ clock, logger }: Pick<ApiDeps, 'clock' | 'logger'>) {
  return createMiddleware<RequestEnv>(async (c, next) => {
    const began = clock.now();
    await next();
    const line = {
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      ms: clock.now() - began,
      requestId: c.var.requestId,
    };
    logger.info(line, 'request');
  });
}
