import { newDocumentId, type DocumentId } from '@codesync/contract';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { appendTexts, cursorsOf, text, textsOf } from './contracts/log-reading.ts';
import { parseCursor, START, type Cursor } from './cursor.ts';
import { LogGap, readDocument, type StoredDocument } from './document-reader.ts';
import { encodeState } from './document-state.ts';
import {
  createFakeClock,
  createMemoryObjectStore,
  createMemorySnapshotCommits,
  createMemoryUpdateLog,
  type MemoryObjectStore,
  type MemoryUpdateLog,
} from './memory/index.ts';
import { createSnapshotStore, SnapshotDamaged, type SnapshotStore } from './snapshot-store.ts';
import type { UpdateLog } from './update-log.ts';

describe('reading a whole document', () => {
  let log: MemoryUpdateLog;
  let objects: MemoryObjectStore;
  let snapshots: SnapshotStore;
  let document: DocumentId;

  beforeEach(() => {
    log = createMemoryUpdateLog();
    objects = createMemoryObjectStore();
    snapshots = createSnapshotStore({ objects, commits: createMemorySnapshotCommits(), clock: createFakeClock() });
    document = newDocumentId();
  });

  /** What a snapshotter does: everything up to here into one state, then the commit. The trim comes later. */
  async function snapshot(): Promise<Cursor> {
    const stored = await readDocument(document, log, snapshots);
    const update = text(allText(stored));
    const state = encodeState({ stateVector: new Uint8Array(), deleteSet: new Uint8Array(), update });
    expect(await snapshots.save(document, stored.snapshot?.id, stored.cursor, state)).toBeDefined();
    return stored.cursor;
  }

  it('a document that nobody wrote to is empty and at START', async () => {
    expect(await readDocument(document, log, snapshots)).toEqual({
      snapshot: undefined,
      tail: [],
      cursor: START,
      place: START,
    });
  });

  it('without a snapshot it is the log, without a log it is the snapshot, else the snapshot and what came after', async () => {
    const positions = await appendTexts(log, document, ['a', 'b']);
    expect(allText(await readDocument(document, log, snapshots))).toBe('ab');

    const cursor = await snapshot();
    await log.trim(document, cursor);
    const saved = await readDocument(document, log, snapshots);
    expect(saved.tail).toEqual([]);
    expect(saved.cursor).toBe(positions[1]?.cursor);
    expect(allText(saved)).toBe('ab');

    const [third] = await appendTexts(log, document, ['c']);
    const whole = await readDocument(document, log, snapshots);
    expect(allText(whole)).toBe('abc');
    expect(whole.cursor).toBe(third?.cursor);
  });

  it('entries that the snapshot holds already are not in the tail, when the log was not trimmed yet', async () => {
    await appendTexts(log, document, ['a', 'b']);
    await snapshot();
    await appendTexts(log, document, ['c']);
    const stored = await readDocument(document, log, snapshots);
    expect(textsOf(stored.tail)).toEqual(['c']);
    expect(allText(stored)).toBe('abc');
  });

  it('R5: a snapshot and a trim between the two reads take nothing away', async () => {
    await appendTexts(log, document, ['a', 'b']);
    let disturbed = false;
    const between: UpdateLog = {
      ...log,
      async read(...request) {
        const page = await log.read(...request);
        if (!disturbed) {
          disturbed = true;
          await appendTexts(log, document, ['c']);
          await log.trim(document, await snapshot());
          await appendTexts(log, document, ['d']);
        }
        return page;
      },
    };
    const stored = await readDocument(document, between, snapshots);
    expect(allText(stored)).toBe('abcd');
    expect(textsOf(stored.tail)).toEqual(['d']);
  });

  it('R5: a snapshot and a trim between two pages of the log take nothing away', async () => {
    await appendTexts(log, document, ['a', 'b', 'c', 'd', 'e', 'f']);
    let pages = 0;
    const paging: UpdateLog = {
      ...log,
      async read(name, after) {
        pages += 1;
        if (pages === 3) {
          await log.trim(document, await snapshot());
          await appendTexts(log, document, ['g', 'h']);
        }
        return log.read(name, after, 1);
      },
    };
    const stored = await readDocument(document, paging, snapshots);
    expect(pages).toBeGreaterThan(3);
    expect(allText(stored)).toBe('abcdefgh');
    expect(textsOf(stored.tail)).toEqual(['g', 'h']);
  });

  it('R5: whatever snapshotters and writers do between the reads, the text is whole up to its cursor', async () => {
    const between = fc.array(fc.constantFrom('append', 'snapshot', 'trim'), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(between, { minLength: 1, maxLength: 8 }), fc.nat({ max: 6 }), async (turns, before) => {
        document = newDocumentId();
        const written: { cursor: Cursor; value: string }[] = [];
        const write = async (): Promise<void> => {
          const value = `${written.length} `;
          written.push({ value, cursor: (await log.append(document, [text(value)])).cursor });
        };
        const act = async (turn: readonly string[]): Promise<void> => {
          for (const action of turn) {
            if (action === 'append') await write();
            else if (action === 'snapshot') await snapshot();
            else await log.trim(document, (await snapshots.head(document))?.cursor ?? START);
          }
        };
        for (let index = 0; index < before; index++) await write();
        let turn = 0;
        const busyLog: UpdateLog = {
          ...log,
          async read(name, after) {
            await act(turns[turn++] ?? []);
            return log.read(name, after, 1);
          },
        };
        const busySnapshots: SnapshotStore = {
          ...snapshots,
          async load(name) {
            await act(turns[turn++] ?? []);
            return snapshots.load(name);
          },
        };
        const stored = await readDocument(document, busyLog, busySnapshots);
        const end = written.findIndex(({ cursor }) => cursor === stored.cursor);
        expect(allText(stored)).toBe(
          written
            .slice(0, end + 1)
            .map(({ value }) => value)
            .join(''),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('R3: a log that was trimmed further than any snapshot reaches is an error, never a shorter text', async () => {
    const positions = await appendTexts(log, document, ['a', 'b', 'c']);
    await log.trim(document, positions[1]?.cursor ?? START);
    await expect(readDocument(document, log, snapshots)).rejects.toBeInstanceOf(LogGap);
  });

  it('R3: the same when there is a snapshot, but an older one', async () => {
    await appendTexts(log, document, ['a']);
    await snapshot();
    const positions = await appendTexts(log, document, ['b', 'c']);
    await log.trim(document, positions[0]?.cursor ?? START);
    await expect(readDocument(document, log, snapshots)).rejects.toThrow(document);
  });

  it('R3: a snapshot whose object is missing is an error, never the tail alone', async () => {
    await appendTexts(log, document, ['a']);
    await log.trim(document, await snapshot());
    await appendTexts(log, document, ['b']);
    for await (const { key } of objects.list('')) await objects.remove(key);
    await expect(readDocument(document, log, snapshots)).rejects.toBeInstanceOf(SnapshotDamaged);
  });

  it('R7: a log that was lost as a whole leaves what the snapshot holds, and hides nothing that is written then', async () => {
    await appendTexts(log, document, ['a', 'b']);
    await snapshot();
    log.loseAll();
    expect(await readDocument(document, log, snapshots)).toMatchObject({ tail: [], place: START });
    const [third] = await appendTexts(log, document, ['c']);
    const stored = await readDocument(document, log, snapshots);
    expect(allText(stored)).toBe('abc');
    expect(stored.place).toBe(third?.cursor);
  });

  it('R7: when the log has lost where the snapshot ends, all of it is read, for cursors no longer say what is new', async () => {
    const [first] = await appendTexts(log, document, ['a']);
    await log.trim(document, await snapshot());
    await appendTexts(log, document, ['b', 'c']);
    await snapshot();
    log.loseTail(document, 1);
    await log.trim(document, first?.cursor ?? START);
    await appendTexts(log, document, ['d']);
    const stored = await readDocument(document, log, snapshots);
    expect(textsOf(stored.tail)).toEqual(['b', 'd']);
    expect(stored.cursor).toBe(stored.place);
  });

  it('R7: a log that loses its tail between two of its pages is read from its start, with all that was written then', async () => {
    await appendTexts(log, document, ['a', 'b', 'c', 'd']);
    let pages = 0;
    const losing: UpdateLog = {
      ...log,
      async read(name, after) {
        pages += 1;
        if (pages === 3) {
          log.loseTail(document, 3);
          await appendTexts(log, document, ['e', 'f']);
        }
        return log.read(name, after, 1);
      },
    };
    const stored = await readDocument(document, losing, snapshots);
    expect(allText(stored)).toBe('aef');
    expect(stored.cursor).toBe(stored.place);
  });

  it('a log that is down rejects with its reason', async () => {
    log.fail(new Error('the log is down'));
    await expect(readDocument(document, log, snapshots)).rejects.toThrow('the log is down');
  });

  it('the cursor is the last entry’s, also of a log that goes over many pages', async () => {
    const positions = await appendTexts(
      log,
      document,
      Array.from({ length: 50 }, (_, index) => `${index}`),
    );
    const paging: UpdateLog = { ...log, read: (name, after) => log.read(name, after, 7) };
    const stored = await readDocument(document, paging, snapshots);
    expect(cursorsOf(stored.tail)).toEqual(cursorsOf(positions));
    expect(stored.cursor).toBe(positions.at(-1)?.cursor ?? parseCursor('0-1'));
  });
});

function allText(stored: StoredDocument): string {
  const saved = stored.snapshot === undefined ? '' : new TextDecoder().decode(stored.snapshot.state.update);
  return saved + textsOf(stored.tail).join('');
}
