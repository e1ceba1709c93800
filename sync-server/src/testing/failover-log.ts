// An update log that fails over as a real one does: what is promoted knows less, and its clock may be behind, so that the cursors that
// it gives sort before those that were lost. Pushes and answers can be lost, too.
import type { DocumentId } from '@codesync/contract';
import { compareCursors, parseCursor, START, type Cursor, type LogEntry, type UpdateLog } from '@codesync/storage';

export interface FailoverLog extends UpdateLog {
  /** So many of the document's last entries were not replicated. Nobody is told. */
  loseTail(document: DocumentId, entries: number, clock?: 'behind' | 'ahead'): void;
  loseAll(clock?: 'behind' | 'ahead'): void;
  /** Everyone may have missed something. */
  tell(): void;
  /** down: nothing is done. unanswered: appends are made, and reject. unreadable: only reads reject. */
  fault: 'none' | 'down' | 'unanswered' | 'unreadable';
  /** What becomes of a push: by default it is heard in the next microtask. */
  push(hear: () => void): void;
  reads: number;
}

/** Entries of a page: few, so that much happens between two pages. */
const PAGE = 4;

interface Document {
  entries: LogEntry[];
  last: Cursor;
  trimmedTo: Cursor;
}

interface Listener {
  readonly document: DocumentId;
  readonly hear: (entry: LogEntry) => void;
  readonly missed: (() => void) | undefined;
}

export function createFailoverLog(): FailoverLog {
  const documents = new Map<DocumentId, Document>();
  const listeners = new Set<Listener>();
  let time = 1_000;
  let issued = 0;

  function open(name: DocumentId): Document {
    const document = documents.get(name) ?? { entries: [], last: START, trimmedTo: START };
    documents.set(name, document);
    return document;
  }

  /** The second part is never given twice: no cursor names two entries. */
  function nextCursor(last: Cursor): Cursor {
    time += 10;
    issued += 1;
    return parseCursor(`${Math.max(time, Number(last.split('-')[0]) + 1)}-${issued}`);
  }

  function setClock(to: 'behind' | 'ahead'): void {
    if (to === 'behind') time = 0;
    else time += 100_000;
  }

  function assertUp(log: FailoverLog): void {
    if (log.fault === 'down') throw new Error('the log is down');
  }

  return {
    fault: 'none',
    reads: 0,
    push: (hear) => queueMicrotask(hear),
    async append(name, updates) {
      assertUp(this);
      const document = open(name);
      const entry = { cursor: nextCursor(document.last), previous: document.last, updates: [...updates] };
      document.entries.push(entry);
      document.last = entry.cursor;
      for (const listener of listeners) {
        if (listener.document === name) this.push(() => listeners.has(listener) && listener.hear(entry));
      }
      await Promise.resolve();
      if (this.fault === 'unanswered') throw new Error('no answer came in time');
      return { cursor: entry.cursor, previous: entry.previous };
    },
    async read(name, after, maxBytes) {
      this.reads += 1;
      assertUp(this);
      if (this.fault === 'unreadable') throw new Error('the log cannot be read');
      const { entries, last, trimmedTo } = open(name);
      const following = entries.filter(({ cursor }) => compareCursors(cursor, after) > 0);
      const page = following.slice(0, maxBytes === 1 ? 1 : PAGE);
      return { entries: page, trimmedTo, last, more: page.length < following.length };
    },
    async subscribe(document, hear, missed) {
      assertUp(this);
      const listener = { document, hear, missed };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async trim(name, upTo) {
      assertUp(this);
      const document = open(name);
      if (!document.entries.some(({ cursor }) => cursor === upTo)) return;
      document.entries = document.entries.filter(({ cursor }) => compareCursors(cursor, upTo) > 0);
      document.trimmedTo = upTo;
    },
    async *documents() {
      for (const [name, { entries }] of documents) if (entries.length > 0) yield name;
    },
    async remove(name) {
      documents.delete(name);
    },
    async check() {},
    async close() {},
    loseTail(name, entries, clock = 'behind') {
      const document = open(name);
      document.entries = document.entries.slice(0, Math.max(0, document.entries.length - entries));
      document.last = document.entries.at(-1)?.cursor ?? document.trimmedTo;
      setClock(clock);
    },
    loseAll(clock = 'behind') {
      documents.clear();
      setClock(clock);
    },
    tell() {
      for (const { missed } of Array.from(listeners)) missed?.();
    },
  };
}
