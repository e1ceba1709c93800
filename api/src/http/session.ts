// Who is asking: the live session behind a Bearer token or the cookie.
import { Failure, SESSION_COOKIE, type SessionId, type UserId } from '@codesync/contract';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { ApiDeps } from '../deps.ts';
import type { RequestEnv } from './env.ts';
import { answered } from './outage.ts';

interface Session {
  readonly id: SessionId;
  readonly user: UserId;
}

export interface SessionEnv {
  Variables: RequestEnv['Variables'] & { session: Session };
}

/** Lets only those through who are signed in; handlers find them in `c.var.session`. */
export function signedIn({ tokens, sessions, clock }: Pick<ApiDeps, 'tokens' | 'sessions' | 'clock'>) {
  return createMiddleware<SessionEnv>(async (c, next) => {
    const token = tokenOf(c);
    const claims = token === undefined ? undefined : tokens.verify(token);
    // A ticket opens a socket and nothing else.
    if (claims?.kind !== 'session') throw new Failure('not_signed_in');
    const user = await answered('session store', sessions.find(claims.sid, clock.now()));
    if (user !== claims.sub) throw new Failure('not_signed_in');
    c.set('session', { id: claims.sid, user });
    await next();
  });
}

/** A header that is there counts alone: a script with a bad token must not act as whoever's cookie comes along. */
function tokenOf(c: Context): string | undefined {
  const header = c.req.header('authorization');
  if (header === undefined) return getCookie(c, SESSION_COOKIE);
  return /^bearer +(\S+)$/i.exec(header.trim())?.[1];
}
