// The update log in memory, for tests: everything is lost with the process. `connect` opens what another task would hold.
import type { DocumentId } from '@codesync/contract';
import { compareCursors, parseCursor, START, type Cursor } from '../cursor.ts';
import { createListeners, type Listeners } from '../listeners.ts';
import { silentLogger, type Logger } from '../logger.ts';
import { LOG_PAGE_BYTES, type LogEntry, type Unsubscribe, type UpdateLog } from '../update-log.ts';
import { createOutage, type Outage } from './outage.ts';

const MINORS = 3;

export interface MemoryUpdateLog extends UpdateLog, Outage {
  /** Another instance over the same entries, as another task has it. Closing one closes only that one. */
  connect(): UpdateLog;
}

interface Document {
  entries: LogEntry[];
  last: Cursor;
  trimmedTo: Cursor;
}

interface Backend {
  readonly documents: Map<DocumentId, Document>;
  readonly listeners: Map<DocumentId, Listeners<LogEntry>>;
  readonly logger: Logger;
  issued: number;
  readonly assertUp: () => void;
}

export function createMemoryUpdateLog(options: { logger?: Logger } = {}): MemoryUpdateLog {
  const { outage, assertUp } = createOutage();
  const backend: Backend = {
    documents: new Map(),
    listeners: new Map(),
    logger: options.logger ?? silentLogger,
    issued: 0,
    assertUp,
  };
  return { ...connect(backend), ...outage, connect: () => connect(backend) };
}

function connect(backend: Backend): UpdateLog {
  const subscriptions = new Set<Unsubscribe>();
  let closed = false;

  function assertUsable(): void {
    if (closed) throw new Error('the update log is closed');
    backend.assertUp();
  }

  return {
    async append(name, updates) {
      assertUsable();
      if (updates.length === 0) throw new RangeError('an entry needs at least one update');
      const document = open(backend, name);
      const previous = document.last;
      const cursor = nextCursor(backend);
      // Copies: a caller may hand in views of a buffer that it uses again.
      const entry = { cursor, previous, updates: updates.map((update) => new Uint8Array(update)) };
      document.entries.push(entry);
      document.last = cursor;
      // In a later microtask, so that what a listener appends comes after this entry for every listener.
      await Promise.resolve();
      backend.listeners.get(name)?.deliver(entry);
      return { cursor, previous };
    },

    async read(name, after, maxBytes = LOG_PAGE_BYTES) {
      assertUsable();
      const document = backend.documents.get(name);
      if (document === undefined) return { entries: [], trimmedTo: START, more: false };
      const following = document.entries.filter((entry) => compareCursors(entry.cursor, after) > 0);
      let bytes = 0;
      const cut = following.findIndex((entry, index) => {
        bytes += sizeOf(entry);
        return index > 0 && bytes > maxBytes;
      });
      const entries = cut === -1 ? following : following.slice(0, cut);
      return { entries, trimmedTo: document.trimmedTo, more: entries.length < following.length };
    },

    async subscribe(name, listener) {
      assertUsable();
      const listeners = backend.listeners.get(name) ?? createListeners<LogEntry>(backend.logger);
      backend.listeners.set(name, listeners);
      const remove = listeners.add(listener);
      const unsubscribe = (): void => {
        remove();
        subscriptions.delete(unsubscribe);
        if (listeners.size === 0 && backend.listeners.get(name) === listeners) backend.listeners.delete(name);
      };
      subscriptions.add(unsubscribe);
      return unsubscribe;
    },

    async trim(name, upTo) {
      assertUsable();
      if (upTo === START) return;
      const document = open(backend, name);
      document.entries = document.entries.filter((entry) => compareCursors(entry.cursor, upTo) > 0);
      if (compareCursors(upTo, document.trimmedTo) > 0) document.trimmedTo = upTo;
      // Otherwise an entry appended later could get a cursor that already counts as trimmed.
      if (compareCursors(upTo, document.last) > 0) {
        document.last = upTo;
        issueAfter(backend, upTo);
      }
    },

    async *documents() {
      assertUsable();
      for (const [name, document] of Array.from(backend.documents)) {
        if (document.entries.length > 0) yield name;
      }
    },

    async remove(name) {
      assertUsable();
      backend.documents.delete(name);
    },

    async check() {
      assertUsable();
    },

    async close() {
      closed = true;
      for (const unsubscribe of Array.from(subscriptions)) unsubscribe();
    },
  };
}

function open(backend: Backend, name: DocumentId): Document {
  const document = backend.documents.get(name) ?? { entries: [], last: START, trimmedTo: START };
  backend.documents.set(name, document);
  return document;
}

/**
 * One count for all documents, and both parts of the cursor move, so that no test passes by counting cursors or by looking at
 * one part: 1-0, 1-1, 1-2, 2-0 ...
 */
function nextCursor(backend: Backend): Cursor {
  const cursor = parseCursor(`${1 + Math.floor(backend.issued / MINORS)}-${backend.issued % MINORS}`);
  backend.issued += 1;
  return cursor;
}

/** So that the next cursor comes after this one. */
function issueAfter(backend: Backend, cursor: Cursor): void {
  backend.issued = Math.max(backend.issued, MINORS * Number.parseInt(cursor, 10));
}

function sizeOf(entry: LogEntry): number {
  return entry.updates.reduce((sum, update) => sum + update.byteLength, 0);
}
