// Registering, signing in and out, and who I am.
import {
  Failure,
  LoginRequest,
  newUserId,
  RegisterRequest,
  type MeResponse,
  type SessionResponse,
  type User,
} from '@codesync/contract';
import { Hono } from 'hono';
import type { ApiDeps, ApiOptions } from '../deps.ts';
import { announce } from '../http/announce.ts';
import type { RequestEnv } from '../http/env.ts';
import { answered } from '../http/outage.ts';
import { signedIn } from '../http/session.ts';
import { json } from '../http/validate.ts';
import { hashPassword, NOBODYS_HASH, verifyPassword } from './passwords.ts';
import { deleteAccount, findByEmail, findUser, insertAccount } from './queries.ts';
import { sessionCookie } from './session-cookie.ts';
import { beginSession } from './sign-in.ts';

export function accountRoutes(deps: ApiDeps, options: ApiOptions) {
  const { database, clock, sessions } = deps;
  const cookie = sessionCookie(options);

  return new Hono<RequestEnv>()
    .post('/register', json(RegisterRequest), async (c) => {
      const { email, password, name } = c.req.valid('json');
      const user: User = { id: newUserId(), email, name };
      const passwordHash = await hashPassword(password);
      const isNew = await insertAccount(database, { ...user, passwordHash, createdAt: new Date(clock.now()) });
      if (!isNew) throw new Failure('email_taken');
      const token = await beginSession(deps, user.id).catch(async (error: unknown) => {
        // Otherwise the next try would be told that the address is taken.
        await deleteAccount(database, user.id);
        throw error;
      });
      cookie.set(c, token);
      return c.json<SessionResponse, 201>({ user, token }, 201);
    })

    .post('/login', json(LoginRequest), async (c) => {
      const { email, password } = c.req.valid('json');
      const account = await findByEmail(database, email);
      const matches = await verifyPassword(password, account?.passwordHash ?? NOBODYS_HASH);
      if (account === undefined || !matches) throw new Failure('wrong_credentials');
      const token = await beginSession(deps, account.user.id);
      cookie.set(c, token);
      return c.json<SessionResponse>({ user: account.user, token });
    })

    .post('/logout', signedIn(deps), async (c) => {
      const session = c.var.session.id;
      await answered('session store', sessions.end(session));
      await announce(deps, { kind: 'session-ended', session });
      cookie.clear(c);
      return c.body(null, 204);
    })

    .get('/me', signedIn(deps), async (c) => {
      const user = await findUser(database, c.var.session.user);
      if (user === undefined) throw new Failure('not_signed_in');
      return c.json<MeResponse>({ user });
    });
}
