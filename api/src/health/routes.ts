// For load balancers: is the process alive, and may it be given requests.
import { Failure } from '@codesync/contract';
import { Hono } from 'hono';
import type { ApiDeps } from '../deps.ts';
import type { RequestEnv } from '../http/env.ts';

export function healthRoutes(deps: Pick<ApiDeps, 'check'>) {
  return new Hono<RequestEnv>()
    .get('/health', (c) => c.json({ status: 'ok' }))
    .get('/ready', async (c) => {
      await deps.check().catch((cause: unknown) => {
        throw new Failure('unavailable', { detail: cause instanceof Error ? cause.message : String(cause), cause });
      });
      return c.json({ status: 'ready' });
    });
}
