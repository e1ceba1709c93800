// Property: whatever is asked of an update log in whatever order, it answers as a plain list would.
import { newDocumentId, type DocumentId } from '@codesync/contract';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { compareCursors, START, type Cursor } from '../cursor.ts';
import type { LogEntry, UpdateLog } from '../update-log.ts';
import { cursorsOf, isListed, readAll } from './log-reading.ts';
import type { OpenedUpdateLog } from './update-log.ts';

interface Model {
  /** As they would be read back; `updates` as plain arrays. */
  entries: { cursor: Cursor; previous: Cursor; updates: number[][] }[];
  last: Cursor;
  trimmedTo: Cursor;
}

const DOCUMENTS = 2;

const documentIndex = fc.nat({ max: DOCUMENTS - 1 });
const task = fc.constantFrom(0, 1);
/** Which of the cursors that were given so far: a fraction of their number. */
const place = fc.nat({ max: 1_000 }).map((thousandths) => thousandths / 1_000);
const updates = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 4 });

const step = fc.oneof(
  {
    weight: 5,
    // Several at once, without waiting in between.
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      document: documentIndex,
      task,
      batches: fc.array(updates, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      document: documentIndex,
      task,
      place,
      maxBytes: fc.nat({ max: 120 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('trim' as const), document: documentIndex, task, place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), document: documentIndex, task }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('list' as const), document: documentIndex, task }) },
);

export function updateLogModel(opened: () => OpenedUpdateLog): void {
  describe('against a model', () => {
    it('R1-R3: whatever two tasks append, read, trim and remove, the log answers as a plain list would', async () => {
      const tasks = [opened().log, opened().other ?? opened().log] as const;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async (steps) => {
          const names = Array.from({ length: DOCUMENTS }, () => newDocumentId());
          const models = names.map((): Model => ({ entries: [], last: START, trimmedTo: START }));
          const given = names.map((): Cursor[] => [START]);
          const heard = await Promise.all(names.map((name) => listen(tasks[1], name)));

          for (const action of steps) {
            const log = tasks[action.task === 0 ? 0 : 1];
            const name = at(names, action.document);
            const model = at(models, action.document);
            const cursors = at(given, action.document);
            switch (action.kind) {
              case 'append': {
                const positions = await Promise.all(action.batches.map((batch) => log.append(name, batch)));
                for (const [index, { cursor, previous }] of positions.entries()) {
                  expect(previous).toBe(model.last);
                  expect(compareCursors(cursor, at(cursors, -1))).toBeGreaterThan(0);
                  model.entries.push({
                    cursor,
                    previous,
                    updates: at(action.batches, index).map((update) => [...update]),
                  });
                  model.last = cursor;
                  cursors.push(cursor);
                }
                break;
              }
              case 'read': {
                const after = pick(cursors, action.place);
                const page = await log.read(name, after, action.maxBytes);
                const following = model.entries.filter((entry) => compareCursors(entry.cursor, after) > 0);
                expect(plain(page.entries)).toEqual(following.slice(0, page.entries.length));
                expect(page.trimmedTo).toBe(model.trimmedTo);
                expect(page.last).toBe(model.last);
                expect(page.more).toBe(page.entries.length < following.length);
                expect(page.entries.length > 0).toBe(following.length > 0);
                break;
              }
              case 'trim': {
                const upTo = pick(cursors, action.place);
                await log.trim(name, upTo);
                // Also a removed document's cursors are tried: they are no places any more.
                if (!model.entries.some((entry) => entry.cursor === upTo)) break;
                model.entries = model.entries.filter((entry) => compareCursors(entry.cursor, upTo) > 0);
                model.trimmedTo = upTo;
                break;
              }
              case 'remove':
                await log.remove(name);
                Object.assign(model, { entries: [], last: START, trimmedTo: START });
                break;
              case 'list':
                expect(await isListed(log, name)).toBe(model.entries.length > 0);
                break;
            }
          }

          for (const [index, name] of names.entries()) {
            expect(plain(await readAll(tasks[0], name))).toEqual(at(models, index).entries);
            const everGiven = at(given, index).slice(1);
            const { entries, unsubscribe } = at(heard, index);
            await vi.waitFor(() => expect(new Set(cursorsOf(entries))).toEqual(new Set(everGiven)));
            unsubscribe();
          }
        }),
        { numRuns: 50 },
      );
    }, 60_000);
  });
}

async function listen(log: UpdateLog, document: DocumentId): Promise<{ entries: LogEntry[]; unsubscribe: () => void }> {
  const entries: LogEntry[] = [];
  return { entries, unsubscribe: await log.subscribe(document, (entry) => entries.push(entry)) };
}

function plain(entries: readonly LogEntry[]): Model['entries'] {
  return entries.map((entry) => ({ ...entry, updates: entry.updates.map((update) => Array.from(update)) }));
}

function pick(cursors: readonly Cursor[], place: number): Cursor {
  return at(cursors, Math.floor(place * (cursors.length - 1)));
}

function at<Value>(values: readonly Value[], index: number): Value {
  const value = values.at(index);
  if (value === undefined) throw new Error(`nothing at ${index}`);
  return value;
}
