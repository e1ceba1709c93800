// What every adapter of SessionStore does.
import { newSessionId, newUserId, type SessionId, type UserId } from '@codesync/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionStore } from '../session-store.ts';

export interface OpenedSessionStore {
  readonly sessions: SessionStore;
  /** Another instance over the same sessions, as another task has it; without it `sessions` plays both tasks. */
  readonly other?: SessionStore;
  /** For adapters whose sessions belong to an account that has to be there first. */
  readonly newUser?: () => Promise<UserId>;
  readonly close: () => Promise<void>;
}

const NOW = Date.UTC(2026, 0, 1);
const DAY = 24 * 60 * 60 * 1000;

export function sessionStoreContract(name: string, open: () => Promise<OpenedSessionStore>): void {
  describe(`session store: ${name}`, () => {
    let opened: OpenedSessionStore;
    let sessions: SessionStore;
    let other: SessionStore;
    let user: UserId;
    let session: SessionId;
    const newUser = async (): Promise<UserId> => opened.newUser?.() ?? newUserId();

    beforeEach(async () => {
      opened = await open();
      sessions = opened.sessions;
      other = opened.other ?? opened.sessions;
      user = await newUser();
      session = newSessionId();
    });
    afterEach(() => opened.close());

    it('a session that never began is nobody’s', async () => {
      expect(await sessions.find(session, NOW)).toBeUndefined();
    });

    it('a session that began is its user’s, on every task', async () => {
      await sessions.begin(session, user, NOW + DAY);
      expect(await sessions.find(session, NOW)).toBe(user);
      expect(await other.find(session, NOW)).toBe(user);
    });

    it('a session ends by itself at its time, to the millisecond', async () => {
      await sessions.begin(session, user, NOW + DAY);
      expect(await sessions.find(session, NOW + DAY - 1)).toBe(user);
      expect(await sessions.find(session, NOW + DAY)).toBeUndefined();
      expect(await other.find(session, NOW + 2 * DAY)).toBeUndefined();
    });

    it('a session that was ended is nobody’s at once, on every task, whichever ended it', async () => {
      await sessions.begin(session, user, NOW + DAY);
      await other.end(session);
      expect(await sessions.find(session, NOW)).toBeUndefined();
      expect(await other.find(session, NOW)).toBeUndefined();
    });

    it('ending a session twice, or one that never began, is no error', async () => {
      await sessions.begin(session, user, NOW + DAY);
      await sessions.end(session);
      await sessions.end(session);
      await other.end(newSessionId());
      expect(await sessions.find(session, NOW)).toBeUndefined();
    });

    it('a user’s sessions end each for itself', async () => {
      const second = newSessionId();
      await sessions.begin(session, user, NOW + DAY);
      await sessions.begin(second, user, NOW + DAY);
      await sessions.end(session);
      expect(await other.find(second, NOW)).toBe(user);
    });

    it('sessions of different users are not mixed up, however many begin at once', async () => {
      const users = await Promise.all(Array.from({ length: 10 }, newUser));
      const begun = users.map((owner) => ({ owner, id: newSessionId() }));
      await Promise.all(
        begun.map(({ owner, id }, index) => (index % 2 === 0 ? sessions : other).begin(id, owner, NOW + DAY)),
      );
      for (const { owner, id } of begun) expect(await sessions.find(id, NOW)).toBe(owner);
    });

    it('beginning a session leaves those alone that are still alive', async () => {
      await sessions.begin(session, user, NOW + DAY);
      expect(await sessions.find(session, NOW)).toBe(user);
      for (let index = 0; index < 5; index++) await sessions.begin(newSessionId(), user, NOW + 1);
      expect(await sessions.find(session, NOW + 1)).toBe(user);
      await sessions.begin(newSessionId(), user, NOW + DAY);
      expect(await sessions.find(session, NOW + 1)).toBe(user);
    });
  });
}
