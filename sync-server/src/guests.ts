// Everyone who has a socket on this task, and what happens to them when a notice says that something changed (R14).
import { CLOSE } from '@codesync/contract';
import type { Clock, Logger, Notice } from '@codesync/storage';
import type { Admission, Admitted } from './admission.ts';
import type { Connection } from './connection.ts';

export interface Guest {
  readonly connection: Connection;
  /** undefined while it is being looked up. */
  admitted: Admitted | undefined;
  /** Something changed while it was looked up, or is looked up right now: once more. */
  stale: boolean;
  reviewing: boolean;
  reviewedAt: number;
}

export interface Guests {
  add(connection: Connection): Guest;
  remove(guest: Guest): void;
  readonly all: ReadonlySet<Guest>;
  hear(notice: Notice): void;
  /** Notices may have been missed: looks at everyone again, within a minute. */
  missed(): void;
  /** A notice may be lost without a word: looks again at those who were not looked at for long. To be called every few seconds. */
  sweep(): void;
}

/** A removal whose notice was lost, or a session that has run out, holds at most so long. In milliseconds. */
const REVIEW_AFTER = 5 * 60_000;
/** So that a thousand sockets do not ask the database in the same moment. */
const REVIEWS_A_SWEEP = 50;
/** Nor must everyone wait for long: with a sweep every 5 s all are looked at within a minute. */
const SWEEPS_FOR_ALL = 10;

export function createGuests(deps: { admission: Pick<Admission, 'review'>; clock: Clock; logger: Logger }): Guests {
  const { admission, clock, logger } = deps;
  const all = new Set<Guest>();

  /** `isPatient`: when the truth cannot be asked, what was known holds. */
  async function review(guest: Guest, isPatient: boolean): Promise<void> {
    guest.stale = true;
    if (guest.reviewing) return;
    guest.reviewing = true;
    try {
      await lookAgain(guest, isPatient);
    } catch (error) {
      // Whoever cannot be judged does not stay (R15).
      logger.error({ error }, 'a review failed');
      guest.connection.close(CLOSE.internal, 'internal error');
    } finally {
      guest.reviewing = false;
    }
  }

  async function lookAgain(guest: Guest, isPatient: boolean): Promise<void> {
    while (guest.stale && guest.admitted !== undefined && all.has(guest)) {
      const { reviewedAt } = guest;
      guest.stale = false;
      guest.reviewedAt = clock.now();
      const verdict = await admission.review(guest.admitted);
      if (verdict.kind === 'refused') {
        const { code, reason } = verdict.refused;
        if (!isPatient || code !== CLOSE.unavailable) guest.connection.close(code, reason);
        // Nothing was found out: the next sweep asks again.
        else guest.reviewedAt = reviewedAt;
      } else if (verdict.admitted.generation !== guest.admitted.generation) {
        // What they hold must not blend with what replaced it: coming back they are told (R23).
        guest.connection.close(CLOSE.tryAgain, 'the document was replaced');
      } else {
        guest.admitted = verdict.admitted;
        guest.connection.changeRole(verdict.admitted.role);
      }
    }
  }

  function concerns(notice: Notice, admitted: Admitted): boolean {
    switch (notice.kind) {
      case 'access-changed':
        return admitted.document === notice.document && admitted.user.id === notice.user;
      case 'document-gone':
        return admitted.document === notice.document;
      case 'session-ended':
        return admitted.session === notice.session;
      case 'edited':
      case 'saved':
        return false;
    }
  }

  function act(notice: Notice, guest: Guest): void {
    if (notice.kind === 'document-gone') guest.connection.close(CLOSE.notFound, 'the document is gone');
    else if (notice.kind === 'session-ended') guest.connection.close(CLOSE.notSignedIn, 'signed out');
    else void review(guest, false);
  }

  function sweep(): void {
    const before = clock.now() - REVIEW_AFTER;
    const due = Array.from(all).filter(({ admitted, reviewedAt }) => admitted !== undefined && reviewedAt <= before);
    // Whom nobody has looked at for the longest time comes first.
    due.sort((a, b) => a.reviewedAt - b.reviewedAt);
    const reviews = Math.max(REVIEWS_A_SWEEP, Math.ceil(all.size / SWEEPS_FOR_ALL));
    for (const guest of due.slice(0, reviews)) void review(guest, true);
  }

  return {
    add(connection) {
      const guest: Guest = { connection, admitted: undefined, stale: false, reviewing: false, reviewedAt: clock.now() };
      all.add(guest);
      return guest;
    },
    remove: (guest) => void all.delete(guest),
    all,
    hear(notice) {
      if (notice.kind === 'saved' || notice.kind === 'edited') return;
      for (const guest of all) {
        if (guest.admitted === undefined) guest.stale = true;
        else if (concerns(notice, guest.admitted)) act(notice, guest);
      }
    },
    missed() {
      for (const guest of all) {
        if (guest.admitted === undefined) guest.stale = true;
        else guest.reviewedAt -= REVIEW_AFTER;
      }
      sweep();
    },
    sweep,
  };
}
