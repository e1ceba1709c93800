// Sessions in memory, for tests.
import type { SessionId, UserId } from '@codesync/contract';
import type { SessionStore } from '../session-store.ts';
import { createOutage, type Outage } from './outage.ts';

export type MemorySessionStore = SessionStore & Outage;

export function createMemorySessionStore(): MemorySessionStore {
  const sessions = new Map<SessionId, { readonly user: UserId; readonly expiresAt: number }>();
  const { outage, assertUp } = createOutage();

  return {
    async begin(session, user, expiresAt) {
      assertUp();
      sessions.set(session, { user, expiresAt });
    },
    async find(session, now) {
      assertUp();
      const found = sessions.get(session);
      return found !== undefined && now < found.expiresAt ? found.user : undefined;
    },
    async end(session) {
      assertUp();
      sessions.delete(session);
    },
    ...outage,
  };
}
