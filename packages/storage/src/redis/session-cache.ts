// SessionStore whose truth is elsewhere (rows in Postgres), with Redis in front, so that a request costs no row to know who asks.
import { UserId, type SessionId } from '@codesync/contract';
import { systemClock, type Clock } from '../clock.ts';
import { silentLogger, type Logger } from '../logger.ts';
import type { Session, SessionStore, SessionTruth } from '../session-store.ts';
import { createBoundedWarning } from './bounded-warning.ts';
import type { RedisConnection } from './open-redis.ts';

/** How long an answer of the truth is repeated without asking again, in milliseconds: a lost end mark matters no longer than this. */
const REMEMBERED = 60_000;

/**
 * How long it is remembered that a session was ended, in milliseconds. Longer than anyone can hold on to what the truth said
 * before: REMEMBERED, and some minutes by which a task's clock may be ahead of Redis'.
 */
const END_REMEMBERED = 10 * 60_000;

const ENDED = 'ended';

/**
 * `find` asks the truth when Redis is away or empty. `end` rejects when Redis cannot be told, although the truth has ended the
 * session already: other tasks could take it for alive until what they remember is over. Ending again is harmless.
 */
export function createRedisSessionStore(
  redis: RedisConnection,
  truth: SessionTruth,
  options: { logger?: Logger; clock?: Pick<Clock, 'now'> } = {},
): SessionStore {
  const { logger = silentLogger, clock = systemClock } = options;
  const warnOfOutage = createBoundedWarning(logger, 'sessions are not remembered: the truth is asked each time');
  const warnOfGarbage = createBoundedWarning(logger, 'what is remembered of a session cannot be read');

  async function recall(session: SessionId): Promise<Session | typeof ENDED | undefined> {
    try {
      const text = await redis.commands.get(keyOf(session));
      if (text === null || text === ENDED) return text ?? undefined;
      const known = parseSession(text);
      if (known === undefined) warnOfGarbage({ session });
      return known;
    } catch (error) {
      warnOfOutage({ error });
      return undefined;
    }
  }

  /** Until a time and not for a time: a write that waited for Redis to come back must not make an old answer young. */
  async function remember(id: SessionId, session: Session, until: number): Promise<void> {
    try {
      // NX: an end mark stays. It was set after this answer was given, or this answer would be another.
      await redis.commands.set(keyOf(id), JSON.stringify([session.user, session.expiresAt]), 'PXAT', until, 'NX');
    } catch (error) {
      warnOfOutage({ error });
    }
  }

  return {
    begin: (session, user, expiresAt) => truth.begin(session, user, expiresAt),

    async find(session, now) {
      const known = await recall(session);
      if (known === ENDED) return undefined;
      if (known !== undefined) return now < known.expiresAt ? known.user : undefined;
      const until = clock.now() + REMEMBERED;
      const found = await truth.look(session, now);
      if (found !== undefined) void remember(session, found, until);
      return found?.user;
    },

    async end(session) {
      await truth.end(session);
      try {
        await redis.commands.set(keyOf(session), ENDED, 'PX', END_REMEMBERED);
      } catch (cause) {
        throw new Error('The session has ended, but not every task could be told yet: end it again.', { cause });
      }
    },
  };
}

function keyOf(session: SessionId): string {
  return `codesync:{session:${session}}`;
}

function parseSession(text: string): Session | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    const [user, expiresAt] = value as unknown[];
    return typeof expiresAt === 'number' ? { user: UserId.parse(user), expiresAt } : undefined;
  } catch {
    return undefined;
  }
}
