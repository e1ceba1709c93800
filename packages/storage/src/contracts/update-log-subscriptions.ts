// What every adapter of UpdateLog does for those who listen.
import { newDocumentId, type DocumentId } from '@codesync/contract';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { compareCursors, START, type Cursor } from '../cursor.ts';
import type { LogEntry, UpdateLog } from '../update-log.ts';
import { appendTexts, cursorsOf, readAll, text, textsOf } from './log-reading.ts';
import type { OpenedUpdateLog } from './update-log.ts';

export function updateLogSubscriptions(opened: () => OpenedUpdateLog): void {
  describe('subscribing', () => {
    let log: UpdateLog;
    let other: UpdateLog;
    let document: DocumentId;

    beforeEach(() => {
      log = opened().log;
      other = opened().other ?? log;
      document = newDocumentId();
    });

    it('a listener hears what any task appends, its own included, as it is in the log', async () => {
      const heard = await listen(log, document);
      await log.append(document, [text('own'), text('own too')]);
      await other.append(document, [text('other')]);
      const entries = await readAll(log, document);
      await vi.waitFor(() => expect(distinct(heard)).toEqual(entries));
    });

    it('a listener hears of its document alone, and of nothing from before', async () => {
      await appendTexts(log, document, ['before']);
      const heard = await listen(other, document);
      await appendTexts(log, newDocumentId(), ['next door']);
      const [position] = await appendTexts(log, document, ['now']);
      await vi.waitFor(() => expect(cursorsOf(heard)).toContain(position?.cursor));
      expect(textsOf(distinct(heard)).filter((value) => value !== 'before')).toEqual(['now']);
    });

    it('every listener hears, also two that are the same function, until each unsubscribes for itself', async () => {
      const heard: LogEntry[] = [];
      const hear = (entry: LogEntry): void => void heard.push(entry);
      const first = await log.subscribe(document, hear);
      const second = await log.subscribe(document, hear);
      await log.append(document, [text('a')]);
      await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(2));
      first();
      const [position] = await appendTexts(log, document, ['b']);
      await vi.waitFor(() => expect(cursorsOf(heard)).toContain(position?.cursor));
      second();
    });

    it('who unsubscribed hears nothing more, and unsubscribing twice is harmless', async () => {
      const early: LogEntry[] = [];
      const unsubscribe = await other.subscribe(document, (entry) => early.push(entry));
      const heard = await listen(other, document);
      const [first] = await appendTexts(log, document, ['a']);
      await vi.waitFor(() => expect(cursorsOf(early)).toContain(first?.cursor));
      unsubscribe();
      unsubscribe();
      const [second] = await appendTexts(log, document, ['b']);
      await vi.waitFor(() => expect(cursorsOf(heard)).toContain(second?.cursor));
      expect(cursorsOf(early)).not.toContain(second?.cursor);
      const late = await listen(other, document);
      const [third] = await appendTexts(log, document, ['c']);
      await vi.waitFor(() => expect(cursorsOf(late)).toContain(third?.cursor));
    });

    it('a listener that throws fails no append and does not keep the others from hearing', async () => {
      await log.subscribe(document, () => {
        throw new Error('a listener that throws');
      });
      const heard = await listen(log, document);
      const positions = await appendTexts(log, document, ['a', 'b']);
      await vi.waitFor(() => expect(cursorsOf(distinct(heard))).toEqual(cursorsOf(positions)));
    });

    it('a listener may append', async () => {
      await log.subscribe(document, (entry) => {
        if (textsOf([entry])[0] === 'question') void log.append(document, [text('answer')]);
      });
      const heard = await listen(log, document);
      await log.append(document, [text('question')]);
      await vi.waitFor(() => expect(textsOf(distinct(heard))).toEqual(['question', 'answer']));
    });

    it('a follower that trusts `previous` and reads the log on a gap has every update, once and in order', async () => {
      const followed: LogEntry[] = [];
      let reading = Promise.resolve();
      const take = (entry: LogEntry): void => {
        if (entry.previous === reached(followed)) followed.push(entry);
      };
      const unsubscribe = await other.subscribe(document, (entry) => {
        reading = reading.then(async () => {
          if (compareCursors(entry.cursor, reached(followed)) <= 0) return;
          take(entry);
          if (reached(followed) !== entry.cursor) (await other.read(document, reached(followed))).entries.forEach(take);
        });
      });
      await Promise.all(
        Array.from({ length: 300 }, (_, index) => (index % 3 === 0 ? other : log).append(document, [text(`${index}`)])),
      );
      await vi.waitFor(() => expect(followed).toHaveLength(300));
      await reading;
      unsubscribe();
      expect(followed).toEqual(await readAll(log, document));
    });
  });
}

async function listen(log: UpdateLog, document: DocumentId): Promise<LogEntry[]> {
  const heard: LogEntry[] = [];
  await log.subscribe(document, (entry) => heard.push(entry));
  return heard;
}

/** Entries may come twice and out of order. */
function distinct(heard: readonly LogEntry[]): LogEntry[] {
  const byCursor = new Map(heard.map((entry) => [entry.cursor, entry]));
  return [...byCursor.values()].toSorted((a, b) => compareCursors(a.cursor, b.cursor));
}

function reached(followed: readonly LogEntry[]): Cursor {
  return followed.at(-1)?.cursor ?? START;
}
