// Everything that changes the LevelDB folder, one change at a time.
import type { DocumentId } from '@codesync/contract';
import type { Clock } from '../clock.ts';
import { compareCursors, parseCursor, START, type Cursor } from '../cursor.ts';
import { createGroupCommit } from '../group-commit.ts';
import type { Logger } from '../logger.ts';
import { createHeads, encodeTrimmedTo, type Head } from './heads.ts';
import { CHECK_KEY, cursorOfKey, entryKey, listedKey, trimmedToKey } from './keys.ts';
import { openLevel, type Level } from './open-level.ts';
import { encodeEntry } from './values.ts';

export interface Position {
  readonly cursor: Cursor;
  readonly previous: Cursor;
}

export interface Writer {
  /** What readers read from. */
  level(): Level;
  /** `updates` as packUpdates made them. Concurrent appends travel as one LevelDB batch, in order. */
  append(document: DocumentId, updates: Uint8Array): Promise<Position>;
  trim(document: DocumentId, upTo: Cursor): Promise<void>;
  remove(document: DocumentId): Promise<void>;
  check(): Promise<void>;
  /** After everything that was asked before. */
  close(): Promise<void>;
}

interface Append {
  readonly document: DocumentId;
  readonly updates: Uint8Array;
}

type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

/** Entries that one turn deletes: appends to other documents wait no longer than that, a few milliseconds. */
const TRIM_ENTRIES = 1_000;

export async function openWriter(
  folder: string,
  deps: {
    clock: Clock;
    logger: Logger;
    /** Called in the order of the log, before the append resolves. */
    onWritten: (document: DocumentId, position: Position, updates: Uint8Array) => void;
  },
): Promise<Writer> {
  const { clock, logger, onWritten } = deps;
  let level = await openLevel(folder);
  let suspect = false;
  /** Of all documents together, so that a document that was removed and comes back is not given old cursors. */
  let issued: Cursor = START;
  const heads = createHeads();
  const commits = createGroupCommit(writeGroup);

  /**
   * A write that failed half way (a full disk) leaves a torn record in LevelDB's journal, and LevelDB would drop what was
   * written behind it at the next start: acked edits (R1). So nothing is written behind it: opening again starts a new journal.
   */
  async function usable(): Promise<Level> {
    if (suspect) {
      await level.close();
      heads.clear();
      level = await openLevel(folder);
      suspect = false;
      logger.info({ folder }, 'the update log was opened again');
    }
    return level;
  }

  async function write(operations: Operation[]): Promise<void> {
    try {
      await level.batch(operations);
    } catch (error) {
      suspect = true;
      logger.error({ error, folder }, 'a write to the update log failed');
      throw error;
    }
  }

  /** Time and a count, as in a Redis stream: also a log whose folder was lost goes on behind every snapshot's cursor. */
  function nextCursor(last: Cursor): Cursor {
    const latest = compareCursors(last, issued) > 0 ? last : issued;
    const now = parseCursor(`${clock.now()}-0`);
    if (compareCursors(now, latest) > 0) return now;
    const [major, minor] = latest.split('-');
    return parseCursor(`${major}-${Number(minor) + 1}`);
  }

  async function writeGroup(appends: readonly Append[]): Promise<readonly Position[]> {
    const from = await usable();
    const changed = new Map<DocumentId, Head>();
    const operations: Operation[] = [];
    const positions: Position[] = [];
    for (const { document, updates } of appends) {
      const head = changed.get(document) ?? (await heads.get(from, document));
      const cursor = nextCursor(head.last);
      issued = cursor;
      operations.push({ type: 'put', key: entryKey(document, cursor), value: encodeEntry(head.last, updates) });
      if (isEmpty(head)) operations.push({ type: 'put', key: listedKey(document), value: NOTHING });
      changed.set(document, { ...head, last: cursor });
      positions.push({ cursor, previous: head.last });
    }
    await write(operations);
    for (const [document, head] of changed) heads.set(document, head);
    for (const [index, { document, updates }] of appends.entries()) {
      const position = positions[index];
      if (position !== undefined) onWritten(document, position, updates);
    }
    return positions;
  }

  /** One turn of a trim; whether it was the last. Each is one batch, so `trimmedTo` is true whenever the process dies. */
  async function trimSome(document: DocumentId, upTo: Cursor): Promise<boolean> {
    const from = await usable();
    const head = await heads.get(from, document);
    if (compareCursors(upTo, head.trimmedTo) <= 0) return true;
    // No place of this log: what it holds was perhaps never snapshotted (R7).
    if ((await from.get(entryKey(document, upTo))) === undefined) return true;
    const range = { gt: entryKey(document, head.trimmedTo), lte: entryKey(document, upTo), limit: TRIM_ENTRIES };
    const keys = await from.keys(range).all();
    const lastKey = keys.at(-1);
    const more = keys.length === TRIM_ENTRIES && lastKey !== undefined;
    const trimmedTo = more ? cursorOfKey(lastKey) : upTo;
    const { last } = head;
    const operations: Operation[] = keys.map((key) => ({ type: 'del', key }));
    operations.push({ type: 'put', key: trimmedToKey(document), value: encodeTrimmedTo(trimmedTo) });
    if (isEmpty({ last, trimmedTo })) operations.push({ type: 'del', key: listedKey(document) });
    await write(operations);
    heads.set(document, { last, trimmedTo });
    return !more;
  }

  async function removeSome(document: DocumentId): Promise<boolean> {
    const from = await usable();
    const head = await heads.get(from, document);
    if (!isEmpty(head)) {
      await trimSome(document, head.last);
      return false;
    }
    await write([
      { type: 'del', key: trimmedToKey(document) },
      { type: 'del', key: listedKey(document) },
    ]);
    heads.forget(document);
    return true;
  }

  return {
    level: () => level,
    append: (document, updates) => commits.add({ document, updates }),
    async trim(document, upTo) {
      while (!(await commits.alone(() => trimSome(document, upTo)))) continue;
    },
    async remove(document) {
      while (!(await commits.alone(() => removeSome(document)))) continue;
    },
    check: () =>
      commits.alone(async () => {
        await usable();
        await write([{ type: 'put', key: CHECK_KEY, value: NOTHING }]);
      }),
    close: () => commits.alone(() => level.close()),
  };
}

const NOTHING = new Uint8Array();

function isEmpty(head: Head): boolean {
  return compareCursors(head.last, head.trimmedTo) === 0;
}
