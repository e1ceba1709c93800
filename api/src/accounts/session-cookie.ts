// The cookie that holds a session's token in browsers: no script reads it, no other site's form sends it.
import { SESSION_COOKIE, SESSION_SECONDS } from '@codesync/contract';
import type { Context } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { ApiOptions } from '../deps.ts';

export function sessionCookie({ publicUrl }: Pick<ApiOptions, 'publicUrl'>) {
  const attributes = { httpOnly: true, sameSite: 'Lax', path: '/', secure: publicUrl.startsWith('https:') } as const;
  return {
    set(c: Context, token: string): void {
      setCookie(c, SESSION_COOKIE, token, { ...attributes, maxAge: SESSION_SECONDS });
    },
    clear(c: Context): void {
      deleteCookie(c, SESSION_COOKIE, attributes);
    },
  };
}
