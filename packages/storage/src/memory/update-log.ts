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
  /** A failover to a replica that had not heard so many of the document's last entries (R7); all tasks are told that they may have missed something. */
  loseTail(document: DocumentId, entries: number): void;
  /** Loses everything, as a server without persistence that was restarted. */
  loseAll(): void;
  /** What is appended is not pushed to anyone until `mute(false)`; then everyone is told that they may have missed something. */
  mute(muted: boolean): void;
}

interface Document {
  entries: LogEntry[];
  last: Cursor;
  trimmedTo: Cursor;
}

interface Backend {
  readonly documents: Map<DocumentId, Document>;
  readonly listeners: Map<DocumentId, Listeners<LogEntry>>;
  readonly doubters: Listeners<DocumentId | undefined>;
  readonly logger: Logger;
  muted: boolean;
  issued: number;
  readonly assertUp: () => void;
}

export function createMemoryUpdateLog(options: { logger?: Logger } = {}): MemoryUpdateLog {
  const { outage, assertUp } = createOutage();
  const backend: Backend = {
    documents: new Map(),
    listeners: new Map(),
    doubters: createListeners(options.logger ?? silentLogger),
    logger: options.logger ?? silentLogger,
    muted: false,
    issued: 0,
    assertUp,
  };
  return {
    ...connect(backend),
    ...outage,
    connect: () => connect(backend),
    loseTail(name, entries) {
      const document = open(backend, name);
      document.entries.splice(Math.max(0, document.entries.length - entries));
      document.last = document.entries.at(-1)?.cursor ?? document.trimmedTo;
      backend.doubters.deliver(name);
    },
    loseAll() {
      backend.documents.clear();
      backend.doubters.deliver(undefined);
    },
    mute(muted) {
      backend.muted = muted;
      if (!muted) backend.doubters.deliver(undefined);
    },
  };
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
      if (!backend.muted) backend.listeners.get(name)?.deliver(entry);
      return { cursor, previous };
    },

    async read(name, after, maxBytes = LOG_PAGE_BYTES) {
      assertUsable();
      const document = backend.documents.get(name);
      if (document === undefined) return { entries: [], trimmedTo: START, last: START, more: false };
      const following = document.entries.filter((entry) => compareCursors(entry.cursor, after) > 0);
      let bytes = 0;
      const cut = following.findIndex((entry, index) => {
        bytes += sizeOf(entry);
        return index > 0 && bytes > maxBytes;
      });
      const entries = cut === -1 ? following : following.slice(0, cut);
      const { trimmedTo, last } = document;
      return { entries, trimmedTo, last, more: entries.length < following.length };
    },

    async subscribe(name, listener, missed) {
      assertUsable();
      const listeners = backend.listeners.get(name) ?? createListeners<LogEntry>(backend.logger);
      backend.listeners.set(name, listeners);
      const remove = listeners.add(listener);
      const removeDoubter = backend.doubters.add((lost) => {
        if (lost === undefined || lost === name) missed?.();
      });
      const unsubscribe = (): void => {
        remove();
        removeDoubter();
        subscriptions.delete(unsubscribe);
        if (listeners.size === 0 && backend.listeners.get(name) === listeners) backend.listeners.delete(name);
      };
      subscriptions.add(unsubscribe);
      return unsubscribe;
    },

    async trim(name, upTo) {
      assertUsable();
      const document = backend.documents.get(name);
      // A cursor that is no place here: the log lost it, and what is there now was perhaps never snapshotted (R7).
      if (document === undefined || !document.entries.some((entry) => entry.cursor === upTo)) return;
      document.entries = document.entries.filter((entry) => compareCursors(entry.cursor, upTo) > 0);
      document.trimmedTo = upTo;
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

function sizeOf(entry: LogEntry): number {
  return entry.updates.reduce((sum, update) => sum + update.byteLength, 0);
}
