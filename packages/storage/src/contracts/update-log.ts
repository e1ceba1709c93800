// What every adapter of UpdateLog does.
import { newDocumentId, type DocumentId } from '@codesync/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compareCursors, parseCursor, START } from '../cursor.ts';
import type { LogEntry, UpdateLog } from '../update-log.ts';
import { appendTexts, bytesOf, cursorsOf, documentsOf, isListed, readAll, text, textsOf } from './log-reading.ts';
import { updateLogModel } from './update-log-model.ts';
import { updateLogSubscriptions } from './update-log-subscriptions.ts';
import { updateLogTrimming } from './update-log-trimming.ts';

export interface OpenedUpdateLog {
  readonly log: UpdateLog;
  /** Another instance over the same backend, as another task has it; without it `log` plays both tasks. */
  readonly other?: UpdateLog;
  /** Closes what is open and opens it again, for adapters that outlive their process; without it nothing is reopened. */
  readonly reopen?: () => Promise<UpdateLog>;
  /** Closes whatever is open and the backend. The backend may hold other documents before and after. */
  readonly close: () => Promise<void>;
}

export function updateLogContract(name: string, open: () => Promise<OpenedUpdateLog>): void {
  describe(`update log: ${name}`, () => {
    let opened: OpenedUpdateLog;
    let log: UpdateLog;
    let other: UpdateLog;
    let document: DocumentId;

    beforeEach(async () => {
      opened = await open();
      log = opened.log;
      other = opened.other ?? opened.log;
      document = newDocumentId();
    });
    afterEach(() => opened.close());

    describe('appending and reading', () => {
      it('a document that nothing was appended to is empty and not listed', async () => {
        expect(await log.read(document, START)).toEqual({ entries: [], trimmedTo: START, last: START, more: false });
        expect(await isListed(log, document)).toBe(false);
      });

      it('R1: what an append resolved for is read back on every task, byte for byte', async () => {
        const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
        const updates = [everyByte, new Uint8Array(), Uint8Array.of(0), text('last')];
        const { cursor } = await log.append(document, updates);
        for (const task of [log, other]) {
          const { entries, more, last } = await task.read(document, START);
          expect(more).toBe(false);
          expect(last).toBe(cursor);
          expect(entries.map((entry) => entry.cursor)).toEqual([cursor]);
          expect(bytesOf(entries)).toEqual(updates.map((update) => [...update]));
        }
      });

      it('every cursor comes after the one before, and every entry names the one before', async () => {
        const positions = await appendTexts(log, document, ['a', 'b', 'c', 'd', 'e']);
        let previous = START;
        for (const position of positions) {
          expect(parseCursor(position.cursor)).toBe(position.cursor);
          expect(compareCursors(position.cursor, previous)).toBeGreaterThan(0);
          expect(position.previous).toBe(previous);
          previous = position.cursor;
        }
        const entries = await readAll(other, document);
        expect(entries.map(({ cursor, previous: before }) => ({ cursor, previous: before }))).toEqual(positions);
      });

      it('R2: entries of concurrent appends are kept in the order of the calls, for each document', async () => {
        const neighbour = newDocumentId();
        const positions = await Promise.all(
          Array.from({ length: 200 }, (_, index) =>
            log.append(index % 2 === 0 ? document : neighbour, [text(`${index}`)]),
          ),
        );
        for (const [parity, name] of [document, neighbour].entries()) {
          const entries = await readAll(log, name);
          expect(textsOf(entries)).toEqual(Array.from({ length: 100 }, (_, index) => `${2 * index + parity}`));
          expect(cursorsOf(entries)).toEqual(cursorsOf(positions.filter((_, index) => index % 2 === parity)));
          expectChain(entries);
        }
      });

      it('R2: two tasks that append at once make one chain, in which each keeps its own order', async () => {
        await Promise.all(
          Array.from({ length: 100 }, (_, index) =>
            index % 2 === 0
              ? log.append(document, [text(`left ${index}`)])
              : other.append(document, [text(`right ${index}`)]),
          ),
        );
        const entries = await readAll(log, document);
        expectChain(entries);
        const texts = textsOf(entries);
        expect(texts).toHaveLength(100);
        for (const [parity, side] of ['left', 'right'].entries()) {
          const ofSide = texts.filter((value) => value.startsWith(side));
          expect(ofSide).toEqual(Array.from({ length: 50 }, (_, index) => `${side} ${2 * index + parity}`));
        }
      });

      it('an empty list rejects and logs nothing', async () => {
        await expect(log.append(document, [])).rejects.toThrow();
        expect(await log.read(document, START)).toEqual({ entries: [], trimmedTo: START, last: START, more: false });
        expect(await isListed(log, document)).toBe(false);
      });

      it('a read begins after its cursor, which need not be an entry’s', async () => {
        const [first, second, third] = await appendTexts(log, document, ['a', 'b', 'c']);
        if (first === undefined || second === undefined || third === undefined) throw new Error('three were appended');
        expect(textsOf((await log.read(document, first.cursor)).entries)).toEqual(['b', 'c']);
        expect(textsOf((await log.read(document, third.cursor)).entries)).toEqual([]);
        const between = parseCursor(`${second.cursor.split('-')[0]}-${Number(second.cursor.split('-')[1]) + 1}`);
        const expected = compareCursors(between, third.cursor) < 0 ? ['c'] : [];
        expect(textsOf((await log.read(document, between)).entries)).toEqual(expected);
        const beyond = parseCursor(`${Number(third.cursor.split('-')[0]) + 1_000_000}-0`);
        expect(await log.read(document, beyond)).toMatchObject({ entries: [], last: third.cursor, more: false });
      });

      it('documents are apart', async () => {
        const neighbour = newDocumentId();
        await appendTexts(log, document, ['here']);
        await appendTexts(log, neighbour, ['next door']);
        expect(textsOf(await readAll(log, document))).toEqual(['here']);
        expect(textsOf(await readAll(log, neighbour))).toEqual(['next door']);
        expect((await readAll(log, neighbour))[0]?.previous).toBe(START);
      });
    });

    describe('pages', () => {
      it('pages of any size together are the log, each with an entry at least and one too many at most', async () => {
        const texts = Array.from({ length: 40 }, (_, index) => `${index} `.padEnd(index % 7 === 0 ? 900 : 50, 'x'));
        await appendTexts(log, document, texts);
        for (const maxBytes of [0, 1, 60, 500, 1_000, 100_000]) {
          const entries: LogEntry[] = [];
          for (let more = true; more;) {
            const page = await log.read(document, entries.at(-1)?.cursor ?? START, maxBytes);
            expect(page.entries.length).toBeGreaterThan(0);
            const withoutLast = bytesOf(page.entries.slice(0, -1)).reduce((sum, update) => sum + update.length, 0);
            expect(withoutLast).toBeLessThanOrEqual(maxBytes);
            entries.push(...page.entries);
            more = page.more;
          }
          expect(textsOf(entries)).toEqual(texts);
          expectChain(entries);
        }
      });

      it('the page that ends the log says so', async () => {
        const [, second] = await appendTexts(log, document, ['a'.repeat(100), 'b'.repeat(100)]);
        const last = second?.cursor;
        expect(await log.read(document, START, 1)).toMatchObject({ last, more: true });
        expect(await log.read(document, START, 1_000)).toMatchObject({ last, more: false });
        expect(await log.read(document, second?.cursor ?? START, 1)).toMatchObject({ entries: [], last, more: false });
      });

      it('an update of 15 MB and an entry of 5,000 updates are kept whole', async () => {
        const large = new Uint8Array(15 * 1024 * 1024);
        for (let index = 0; index < large.length; index += 4_093) large[index] = index % 251;
        await log.append(document, [large]);
        await log.append(
          document,
          Array.from({ length: 5_000 }, (_, index) => text(`${index}`)),
        );
        const [first, second] = await readAll(log, document);
        expect(Buffer.compare(first?.updates[0] ?? new Uint8Array(), large)).toBe(0);
        expect(textsOf(second === undefined ? [] : [second])).toEqual(
          Array.from({ length: 5_000 }, (_, index) => `${index}`),
        );
      });
    });

    describe('the list of documents', () => {
      it('a document is listed while it has entries, also after opening again', async () => {
        const trimmed = newDocumentId();
        await appendTexts(log, document, ['a', 'b']);
        const [position] = await appendTexts(log, trimmed, ['a']);
        await log.trim(trimmed, position?.cursor ?? START);
        expect(await isListed(other, document)).toBe(true);
        expect(await isListed(other, trimmed)).toBe(false);

        const again = (await opened.reopen?.()) ?? log;
        expect(await isListed(again, document)).toBe(true);
        expect(await isListed(again, trimmed)).toBe(false);
        await again.append(trimmed, [text('b')]);
        expect(await isListed(again, trimmed)).toBe(true);
      });

      it('every document is listed once, however many there are', async () => {
        const documents = Array.from({ length: 300 }, () => newDocumentId());
        await Promise.all(documents.flatMap((name) => [log.append(name, [text('a')]), log.append(name, [text('b')])]));
        const listed = await documentsOf(other);
        const ours = new Set(documents);
        expect(listed.filter((name) => ours.has(name)).toSorted()).toEqual(documents.toSorted());
      });
    });

    describe('removing', () => {
      it('a removed document is as if it had never been, on every task, except that its cursors stay taken', async () => {
        const positions = await appendTexts(log, document, ['a', 'b', 'c']);
        await log.trim(document, positions[0]?.cursor ?? START);
        await other.remove(document);
        await other.remove(document);
        expect(await log.read(document, START)).toEqual({ entries: [], trimmedTo: START, last: START, more: false });
        expect(await isListed(log, document)).toBe(false);

        const next = await log.append(document, [text('new')]);
        expect(next.previous).toBe(START);
        expect(compareCursors(next.cursor, positions[2]?.cursor ?? START)).toBeGreaterThan(0);
        expect(textsOf(await readAll(other, document))).toEqual(['new']);
      });

      it('trimming or removing a document that never was is harmless and does not list it', async () => {
        await log.remove(document);
        await log.trim(document, START);
        expect(await isListed(log, document)).toBe(false);
        expect((await log.append(document, [text('a')])).previous).toBe(START);
      });
    });

    describe('readiness and closing', () => {
      it('a log that works passes its check, which lists nothing', async () => {
        await log.check();
        await log.check();
        expect(await isListed(log, document)).toBe(false);
      });

      it('R1: appends that are under way when the log is closed are there when it is opened again, or reject', async () => {
        const results = Promise.allSettled(
          Array.from({ length: 20 }, (_, index) => log.append(document, [text(`${index}`)])),
        );
        const again = (await opened.reopen?.()) ?? log;
        const acked = (await results)
          .filter((result) => result.status === 'fulfilled')
          .map((result) => result.value.cursor);
        expect(cursorsOf(await readAll(again, document))).toEqual(expect.arrayContaining(acked));
      });

      it('a closed log refuses everything, and closing it twice is harmless', async () => {
        await log.append(document, [text('a')]);
        await log.close();
        await log.close();
        await expect(log.append(document, [text('b')])).rejects.toThrow();
        await expect(log.read(document, START)).rejects.toThrow();
        await expect(log.subscribe(document, () => {})).rejects.toThrow();
        await expect(log.trim(document, START)).rejects.toThrow();
        await expect(log.remove(document)).rejects.toThrow();
        await expect(documentsOf(log)).rejects.toThrow();
        await expect(log.check()).rejects.toThrow();
      });
    });

    updateLogTrimming(() => opened);
    updateLogSubscriptions(() => opened);
    updateLogModel(() => opened);
  });
}

function expectChain(entries: readonly LogEntry[]): void {
  const befores = [START, ...cursorsOf(entries)].slice(0, -1);
  expect(entries.map((entry) => entry.previous)).toEqual(befores);
}
