// The hot documents of this task: loaded once however many ask, pinned while in use, kept in a byte-bounded cache after that.
import { Failure, type DocumentId } from '@codesync/contract';
import { readDocument, type Logger, type SnapshotStore, type UpdateLog } from '@codesync/storage';
import { hotDocumentOf, type CachedDocument, type HotDocument } from './hot-document.ts';
import type { Merger } from './merger.ts';

export interface Documents {
  /**
   * The document as of its `place`: from the cache as it was left, else as it is stored. Whoever opened it proves that the log goes
   * on there (R5), and feeds it from then on. Pinned until it was released as often as opened. Rejects as readDocument does, and with
   * Failure `too_many_requests` when the documents in use fill the bound (R16).
   */
  open(document: DocumentId): Promise<HotDocument>;
  release(document: DocumentId): void;
  /** The document is gone, and its id may be used again: what is kept of it would be added to that one (R7). */
  forget(document: DocumentId): void;
  /** Ends what goes on in the background. */
  close(): Promise<void>;
}

export interface DocumentsDeps {
  readonly log: UpdateLog;
  readonly snapshots: SnapshotStore;
  readonly merger: Merger;
  readonly logger: Logger;
}

/** What the cache may hold, in bytes of memory: some thousand documents of the usual size. */
const CACHE_BYTES = 256 * 1024 * 1024;

/** A tail grows to a quarter of its base within these bounds, then it is merged into a new one (R16). */
const TAIL_BYTES = { least: 16 * 1024, most: 1024 * 1024 } as const;

/** Merges at a time: each holds a copy of its document. What has to wait is tried at the next edit. */
const MERGES = 2;

interface Entry {
  pins: number;
  /** Rejected: the entry is no longer in the cache. */
  ready: Promise<CachedDocument>;
  /** As of the last time that it was weighed. */
  memory: number;
  tailBytes: number;
  merging: boolean;
  /** The tail is not merged before it has this size: twice what could not be merged. */
  mergeFrom: number;
  /** Not kept when it is released. */
  forgotten: boolean;
}

export function createDocuments(deps: DocumentsDeps, options: { readonly maxBytes?: number } = {}): Documents {
  const { log, snapshots, merger, logger } = deps;
  const maxBytes = options.maxBytes ?? CACHE_BYTES;
  /** Least recently used first. */
  const entries = new Map<DocumentId, Entry>();
  const merging = new Set<Promise<void>>();
  let closed = false;

  async function load(document: DocumentId, entry: Entry): Promise<CachedDocument> {
    const stored = await readDocument(document, log, snapshots);
    const hot = hotDocumentOf(stored, (growing) => grown(document, entry, growing));
    weigh(entry, hot);
    return hot;
  }

  function weigh(entry: Entry, hot: CachedDocument): void {
    entry.memory = hot.memory;
    entry.tailBytes = hot.tailBytes;
    evict();
  }

  function grown(document: DocumentId, entry: Entry, hot: CachedDocument): void {
    if (hot.tailBytes - entry.tailBytes > TAIL_BYTES.least) weigh(entry, hot);
    const limit = Math.max(TAIL_BYTES.least, Math.min(hot.baseBytes / 4, TAIL_BYTES.most), entry.mergeFrom);
    if (hot.tailBytes <= limit || entry.merging || merging.size >= MERGES || closed) return;
    entry.merging = true;
    const done = merge(document, entry, hot).finally(() => {
      entry.merging = false;
      merging.delete(done);
    });
    merging.add(done);
  }

  async function merge(document: DocumentId, entry: Entry, hot: CachedDocument): Promise<void> {
    try {
      const { updates, rebase } = hot.compact();
      const { state } = await merger.merge(undefined, updates);
      rebase(state);
      entry.mergeFrom = 0;
    } catch (error) {
      // It can still be served as it is; the snapshotter reports what cannot be merged (R19).
      entry.mergeFrom = 2 * hot.tailBytes;
      if (!closed) logger.warn({ document, error }, 'the tail of a document in use could not be merged');
    }
    weigh(entry, hot);
  }

  function memory(counted: (entry: Entry) => boolean): number {
    let sum = 0;
    for (const entry of entries.values()) if (counted(entry)) sum += entry.memory;
    return sum;
  }

  function evict(): void {
    let excess = memory(() => true) - maxBytes;
    for (const [document, entry] of entries) {
      if (excess <= 0) return;
      if (entry.pins > 0) continue;
      entries.delete(document);
      excess -= entry.memory;
    }
  }

  function take(document: DocumentId): Entry {
    const known = entries.get(document);
    if (known !== undefined) return known;
    if (memory(({ pins }) => pins > 0) >= maxBytes) {
      throw new Failure('too_many_requests', { detail: 'Too many documents are open here.' });
    }
    const entry: Entry = {
      pins: 0,
      ready: NEVER,
      memory: 0,
      tailBytes: 0,
      merging: false,
      mergeFrom: 0,
      forgotten: false,
    };
    entry.ready = load(document, entry);
    return entry;
  }

  return {
    async open(document) {
      const entry = take(document);
      entry.pins++;
      // To the end: the most recently used.
      entries.delete(document);
      entries.set(document, entry);
      try {
        return await entry.ready;
      } catch (error) {
        entry.pins--;
        if (entries.get(document) === entry) entries.delete(document);
        throw error;
      }
    },

    release(document) {
      const entry = entries.get(document);
      if (entry === undefined) return;
      entry.pins = Math.max(0, entry.pins - 1);
      if (entry.pins > 0) return;
      if (entry.forgotten) entries.delete(document);
      else evict();
    },

    forget(document) {
      const entry = entries.get(document);
      if (entry === undefined) return;
      entry.forgotten = true;
      if (entry.pins === 0) entries.delete(document);
    },

    async close() {
      closed = true;
      await Promise.all(merging);
    },
  };
}

const NEVER = new Promise<never>(() => {});
