// Merging updates into one state: the port, and its implementation on worker threads, so that a large document does not hold up the relay.
import type { Clock, DocumentState } from '@codesync/storage';
import { Piscina } from 'piscina';
import { buffersOf, mergeJobOf, type MergeJob } from './merge-job.ts';
import type { Merged } from './yjs/merge.ts';

export type { Merged } from './yjs/merge.ts';

export interface Merger {
  /**
   * Rejects when the updates cannot be merged; other jobs go on (R19). `previous` is handed over: nothing of it is to be used any
   * more. The updates are left as they are.
   */
  merge(previous: DocumentState | undefined, updates: readonly Uint8Array[]): Promise<Merged>;
  /** Waits for what was asked. */
  close(): Promise<void>;
}

/** Two documents at once; merging is short, and the relay needs the other cores. */
const THREADS = 2;

/** A thread that had nothing to do for this long ends, and its memory with it. Longer than the pause between two snapshots of one typist. */
const IDLE = 10_000;

/** One merge takes milliseconds, of the largest document a second or two. What takes longer would never end (R19). */
const LONGEST_MERGE = 60_000;

/** Heap of one thread: a document of 10 MB takes about 130 MB as a Y.Doc. A merge that exceeds it fails, the process lives. */
const HEAP_MB = 1024;

/** Threads exist only while there is work. */
export function createWorkerMerger(deps: { readonly clock: Clock }): Merger {
  const pool = new Piscina<MergeJob, Merged>({
    filename: new URL('./merge-worker.ts', import.meta.url).href,
    name: 'mergeJob',
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    recordTiming: false,
  });

  return {
    async merge(previous, updates) {
      const job = mergeJobOf(previous, updates);
      const abort = new AbortController();
      const cancel = deps.clock.after(LONGEST_MERGE, () => abort.abort());
      try {
        return await pool.run(job, { transferList: buffersOf(job), signal: abort.signal });
      } finally {
        cancel();
      }
    },
    close: () => pool.close(),
  };
}
