// A new session and the token that stands for it.
import { newSessionId, SESSION_SECONDS, type UserId } from '@codesync/contract';
import type { ApiDeps } from '../deps.ts';
import { answered } from '../http/outage.ts';

export async function beginSession(
  { sessions, tokens, clock }: Pick<ApiDeps, 'sessions' | 'tokens' | 'clock'>,
  user: UserId,
): Promise<string> {
  const sid = newSessionId();
  await answered('session store', sessions.begin(sid, user, clock.now() + SESSION_SECONDS * 1000));
  return tokens.sign({ kind: 'session', sub: user, sid }, SESSION_SECONDS);
}
