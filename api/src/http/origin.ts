// Keeps other sites from changing things with a visitor's cookie, signing somebody in included.
import { Failure } from '@codesync/contract';
import { createMiddleware } from 'hono/factory';
import type { ApiOptions } from '../deps.ts';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export function knownOrigin({ isAllowedOrigin }: Pick<ApiOptions, 'isAllowedOrigin'>) {
  return createMiddleware(async (c, next) => {
    const origin = c.req.header('origin');
    // A browser adds no Authorization by itself: whoever sends one holds the token.
    const byCookie = c.req.header('authorization') === undefined;
    if (byCookie && origin !== undefined && !READS.has(c.req.method) && !isAllowedOrigin(origin)) {
      throw new Failure('foreign_origin');
    }
    await next();
  });
}
