// For load balancers: is the process alive, and may it be given requests.
import { Failure } from '@codesync/contract';
import { Hono } from 'hono';
import type { ApiDeps } from '../deps.ts';
import type { RequestEnv } from '../http/env.ts';
import { answerFailure } from '../http/failures.ts';

export function healthRoutes(deps: Pick<ApiDeps, 'check' | 'logger'>) {
  return new Hono<RequestEnv>()
    .get('/health', (c) => c.json({ status: 'ok' }))
    .get('/ready', async (c) => {
      try {
        await deps.check();
      } catch (cause) {
        // Asked every few seconds, and nothing that failed here: a drain is none, and the part that is down has its own lines.
        deps.logger.info({ error: cause }, 'not ready');
        const detail = cause instanceof Error ? cause.message : String(cause);
        return answerFailure(c, new Failure('unavailable', { detail, cause }));
      }
      return c.json({ status: 'ready' });
    });
}
