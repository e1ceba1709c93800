// What every adapter of Notices does.
import { newDocumentId, newSessionId, newUserId } from '@codesync/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseCursor } from '../cursor.ts';
import type { Notice, Notices } from '../notices.ts';

export interface OpenedNotices {
  readonly notices: Notices;
  /** Another instance over the same backend, as another task has it. */
  readonly other: Notices;
  /** Closes both and the backend. */
  readonly close: () => Promise<void>;
}

const gone = (): Notice => ({ kind: 'document-gone', document: newDocumentId() });

export function noticesContract(name: string, open: () => Promise<OpenedNotices>): void {
  describe(`notices: ${name}`, () => {
    let opened: OpenedNotices;
    let notices: Notices;
    let other: Notices;

    beforeEach(async () => {
      opened = await open();
      ({ notices, other } = opened);
    });
    afterEach(() => opened.close());

    it('R14: a notice is heard by every subscriber of every task, this one included, once', async () => {
      const heard = [listen(notices), listen(notices), listen(other)];
      const notice = gone();
      const last = gone();
      await notices.publish(notice);
      await notices.publish(last);
      for (const list of heard) await vi.waitFor(() => expect(list).toEqual([notice, last]));
    });

    it('every kind of notice arrives as it was published', async () => {
      const heard = listen(other);
      const published: Notice[] = [
        { kind: 'access-changed', document: newDocumentId(), user: newUserId() },
        { kind: 'document-gone', document: newDocumentId() },
        { kind: 'session-ended', session: newSessionId() },
        { kind: 'edited', document: newDocumentId() },
        { kind: 'saved', document: newDocumentId(), cursor: parseCursor('1795180178394-446'), previous: undefined },
        {
          kind: 'saved',
          document: newDocumentId(),
          cursor: parseCursor('1795180178394-446'),
          previous: parseCursor('1795180178393-7'),
        },
      ];
      for (const notice of published) await notices.publish(notice);
      await vi.waitFor(() => expect(heard).toEqual(published));
    });

    it('one task’s notices are heard in the order in which it published them, also without waiting in between', async () => {
      const heard = listen(other);
      const published = Array.from({ length: 100 }, gone);
      await Promise.all(published.map((notice) => notices.publish(notice)));
      await vi.waitFor(() => expect(heard).toHaveLength(100));
      expect(heard).toEqual(published);
    });

    it('who unsubscribed hears nothing more, and unsubscribing twice is harmless', async () => {
      const early: Notice[] = [];
      const unsubscribe = other.subscribe((notice) => early.push(notice));
      const heard = listen(other);
      const first = gone();
      await notices.publish(first);
      await vi.waitFor(() => expect(heard).toEqual([first]));
      unsubscribe();
      unsubscribe();
      await notices.publish(gone());
      await vi.waitFor(() => expect(heard).toHaveLength(2));
      expect(early).toEqual([first]);
    });

    it('a listener that throws does not keep the others from hearing, now or later', async () => {
      notices.subscribe(() => {
        throw new Error('a listener that throws');
      });
      const heard = listen(notices);
      await other.publish(gone());
      await other.publish(gone());
      await vi.waitFor(() => expect(heard).toHaveLength(2));
    });

    it('a listener may publish, subscribe and unsubscribe', async () => {
      const first = gone();
      const answer = gone();
      const late: Notice[] = [];
      const unsubscribe = notices.subscribe((notice) => {
        if (notice.kind !== first.kind) return;
        unsubscribe();
        notices.subscribe((next) => late.push(next));
        void other.publish(answer);
      });
      const heard = listen(notices);
      await notices.publish(first);
      await vi.waitFor(() => expect(heard).toEqual([first, answer]));
      await vi.waitFor(() => expect(late).toContainEqual(answer));
    });

    it('notices that work pass their check; closed ones do not', async () => {
      await notices.check();
      await notices.close();
      await expect(notices.check()).rejects.toThrow();
      await other.check();
    });

    it('a closed instance publishes nothing and hears nothing, and leaves the other tasks alone', async () => {
      const closed = listen(notices);
      const heard = listen(other);
      await notices.close();
      await notices.close();
      await expect(notices.publish(gone())).rejects.toThrow();
      const notice = gone();
      await other.publish(notice);
      await vi.waitFor(() => expect(heard).toEqual([notice]));
      expect(closed).toEqual([]);
    });
  });
}

function listen(notices: Notices): Notice[] {
  const heard: Notice[] = [];
  notices.subscribe((notice) => heard.push(notice));
  return heard;
}
