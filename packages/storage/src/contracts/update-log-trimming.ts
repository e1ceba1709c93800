// What every adapter of UpdateLog does when entries are forgotten.
import { newDocumentId, type DocumentId } from '@codesync/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { compareCursors, parseCursor, START } from '../cursor.ts';
import type { LogPage, UpdateLog } from '../update-log.ts';
import { appendTexts, cursorsOf, isListed, readAll, text, textsOf } from './log-reading.ts';
import type { OpenedUpdateLog } from './update-log.ts';

export function updateLogTrimming(opened: () => OpenedUpdateLog): void {
  describe('trimming', () => {
    let log: UpdateLog;
    let other: UpdateLog;
    let document: DocumentId;

    beforeEach(() => {
      log = opened().log;
      other = opened().other ?? log;
      document = newDocumentId();
    });

    it('R3: entries up to and including the cursor are forgotten, and every page says up to where', async () => {
      const positions = await appendTexts(log, document, ['a', 'b', 'c', 'd']);
      const upTo = positions[1]?.cursor ?? START;
      await other.trim(document, upTo);
      for (const task of [log, other]) {
        for (const after of [START, positions[0]?.cursor ?? START, upTo]) {
          const page = await task.read(document, after);
          expect(textsOf(page.entries)).toEqual(['c', 'd']);
          expect(page.trimmedTo).toBe(upTo);
        }
        expect((await task.read(document, positions[2]?.cursor ?? START)).trimmedTo).toBe(upTo);
      }
      expect((await readAll(log, document))[0]?.previous).toBe(upTo);
      expect(await isListed(log, document)).toBe(true);
    });

    it('a cursor that is trimmed already, and START, change nothing', async () => {
      const positions = await appendTexts(log, document, ['a', 'b', 'c']);
      await log.trim(document, positions[1]?.cursor ?? START);
      await log.trim(document, positions[0]?.cursor ?? START);
      await log.trim(document, START);
      const page = await log.read(document, START);
      expect(page.trimmedTo).toBe(positions[1]?.cursor);
      expect(textsOf(page.entries)).toEqual(['c']);
    });

    it('cursors are never given twice: not after everything was trimmed, and not after opening again', async () => {
      const [first, second] = await appendTexts(log, document, ['a', 'b']);
      await log.trim(document, second?.cursor ?? START);
      const empty = { entries: [], trimmedTo: second?.cursor, last: second?.cursor, more: false };
      expect(await log.read(document, START)).toEqual(empty);

      const again = (await opened().reopen?.()) ?? log;
      expect(await again.read(document, START)).toEqual(empty);
      const third = await again.append(document, [text('c')]);
      expect(compareCursors(third.cursor, second?.cursor ?? START)).toBeGreaterThan(0);
      expect(third.previous).toBe(second?.cursor);
      expect(textsOf((await again.read(document, first?.cursor ?? START)).entries)).toEqual(['c']);
    });

    it('R3, R7: a cursor that is no place in this log, before, between or beyond its entries, changes nothing', async () => {
      const given = cursorsOf(await appendTexts(log, document, ['a', 'b']));
      const strangers = given.flatMap((cursor) => {
        const [major = 0, minor = 0] = cursor.split('-').map(Number);
        return [`${major - 1}-0`, `${major}-${minor + 1}`, `${major + 5}-0`].map(parseCursor);
      });
      const before = await log.read(document, START);
      for (const stranger of strangers) if (!given.includes(stranger)) await log.trim(document, stranger);
      const again = (await opened().reopen?.()) ?? log;
      expect(await again.read(document, START)).toEqual(before);
      expect(textsOf(before.entries)).toEqual(['a', 'b']);
    });

    it('R3, R7: a log that has nothing is not trimmed to a cursor that it never gave', async () => {
      const elsewhere = await log.append(newDocumentId(), [text('a')]);
      await log.trim(document, elsewhere.cursor);
      const { previous } = await log.append(document, [text('b')]);
      expect(previous).toBe(START);
      expect((await log.read(document, START)).trimmedTo).toBe(START);
    });

    it('R5: a page that was read during a trim has every entry that its trimmedTo does not own up to', async () => {
      const positions = await Promise.all(
        Array.from({ length: 200 }, (_, index) => log.append(document, [text(`${index}`)])),
      );
      const pages: LogPage[] = [];
      const trimAll = async (): Promise<void> => {
        for (const { cursor } of positions) await other.trim(document, cursor);
      };
      const keepReading = async (): Promise<void> => {
        for (let count = 0; count < 100; count++) pages.push(await log.read(document, START));
      };
      await Promise.all([trimAll(), keepReading(), keepReading(), keepReading()]);
      for (const { entries, trimmedTo } of pages) {
        const kept = positions.filter(({ cursor }) => compareCursors(cursor, trimmedTo) > 0);
        const shown = entries.filter(({ cursor }) => compareCursors(cursor, trimmedTo) > 0);
        expect(cursorsOf(shown)).toEqual(cursorsOf(kept));
      }
    });

    it('a long log is trimmed at once', async () => {
      const positions = await Promise.all(
        Array.from({ length: 2_500 }, (_, index) => log.append(document, [text(`${index}`)])),
      );
      await log.trim(document, positions[2_400]?.cursor ?? START);
      const entries = await readAll(log, document);
      expect(textsOf(entries)).toEqual(Array.from({ length: 99 }, (_, index) => `${2_401 + index}`));
    });
  });
}
