// Sessions in memory, for tests.
import type { SessionId } from '@codesync/contract';
import type { Session, SessionTruth } from '../session-store.ts';
import { createOutage, type Outage } from './outage.ts';

export type MemorySessionStore = SessionTruth & Outage;

export function createMemorySessionStore(): MemorySessionStore {
  const sessions = new Map<SessionId, Session>();
  const { outage, assertUp } = createOutage();

  async function look(session: SessionId, now: number): Promise<Session | undefined> {
    assertUp();
    const found = sessions.get(session);
    return found !== undefined && now < found.expiresAt ? found : undefined;
  }

  return {
    async begin(session, user, expiresAt) {
      assertUp();
      sessions.set(session, { user, expiresAt });
    },
    look,
    find: async (session, now) => (await look(session, now))?.user,
    async end(session) {
      assertUp();
      sessions.delete(session);
    },
    ...outage,
  };
}
