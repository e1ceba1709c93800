// A task's snapshotter over parts in memory, others of other tasks, and someone who types.
import { newDocumentId } from '@codesync/contract';
import { createSnapshotStore, silentLogger, START, type Notice, type SnapshotStore } from '@codesync/storage';
import {
  createFakeClock,
  createMemoryDocumentAccess,
  createMemoryLeases,
  createMemoryNotices,
  createMemoryObjectStore,
  createMemorySnapshotCommits,
  createMemoryUpdateLog,
} from '@codesync/storage/memory';
import { expect, vi } from 'vitest';
import type { Merger } from '../merger.ts';
import { createSnapshotSweeper } from '../snapshot-sweeper.ts';
import { createSnapshotter, type Snapshotter, type SnapshotterDeps } from '../snapshotter.ts';
import { createInlineMerger } from './inline-merger.ts';
import { createTypist, textOf } from './typist.ts';

/** Milliseconds: finer than anything that is planned. */
const STEP = 250;

/** Compressing a snapshot happens on other threads, which the fake clock does not wait for: `pass` and `eventually` do. */
export function setUp(
  options: { merger?: Merger; store?: (store: SnapshotStore) => SnapshotStore; concurrency?: number } = {},
) {
  const clock = createFakeClock();
  const log = createMemoryUpdateLog();
  const objects = createMemoryObjectStore();
  const commits = createMemorySnapshotCommits();
  const store = createSnapshotStore({ objects, commits, clock });
  const work = new Set<Promise<unknown>>();
  const chosen = options.store?.(store) ?? store;
  const snapshots: SnapshotStore = {
    ...chosen,
    load: (...args) => tracked(chosen.load(...args)),
    save: (...args) => tracked(chosen.save(...args)),
  };
  function tracked<T>(promise: Promise<T>): Promise<T> {
    work.add(promise);
    return promise;
  }
  const notices = createMemoryNotices();
  const heard: Notice[] = [];
  notices.subscribe((notice) => heard.push(notice));
  const access = createMemoryDocumentAccess();
  const leases = createMemoryLeases({ clock });
  const logger = { ...silentLogger, info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const merger = options.merger ?? createInlineMerger();
  const deps = { log, snapshots, notices, leases, access, merger, clock, logger };
  const typist = createTypist();
  const document = newDocumentId();
  const tasks: Snapshotter[] = [];

  /** Of one more task: it hears what the others do. */
  function connect(own: Partial<SnapshotterDeps> = {}): Snapshotter {
    const task = createSnapshotter({ ...deps, leases: leases.connect(), ...own }, options);
    notices.subscribe((notice) => notice.kind === 'saved' && task.saved(notice.document, notice.cursor));
    tasks.push(task);
    return task;
  }
  const snapshotter = connect();
  const sweeper = createSnapshotSweeper({ ...deps, leases: leases.connect(), snapshotter });

  /** Every task hears of it, as those do that have the document open. */
  async function type(text: string, into = document): Promise<void> {
    const { cursor } = await log.append(into, [typist.type(text)]);
    for (const task of tasks) task.noteEdit(into, { cursor, urgent: false });
  }
  async function saved(of = document): Promise<string | undefined> {
    const snapshot = await store.load(of);
    return snapshot === undefined ? undefined : textOf([snapshot.state.update]);
  }
  async function logged(of = document): Promise<number> {
    return (await log.read(of, START)).entries.length;
  }
  /** What the log and the store hold together. */
  async function text(of = document): Promise<string> {
    const { entries } = await log.read(of, START);
    const snapshot = await store.load(of);
    return textOf([
      ...(snapshot === undefined ? [] : [snapshot.state.update]),
      ...entries.flatMap(({ updates }) => updates),
    ]);
  }
  /** All loading and saving that was begun has ended, well or not, and what followed from it, too. */
  async function settled(): Promise<void> {
    for (let known = -1; known !== work.size;) {
      known = work.size;
      await Promise.allSettled(work);
      await clock.advance(0);
    }
  }
  /** Time passes, and loading and saving take none of it. */
  async function pass(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= STEP) {
      await clock.advance(Math.min(STEP, left));
      await settled();
    }
  }
  return {
    ...deps,
    pass,
    settled,
    objects,
    commits,
    store,
    heard,
    connect,
    snapshotter,
    sweeper,
    typist,
    document,
    type,
    saved,
    logged,
    text,
  };
}

// Not expect.poll itself: it hands an argument over.
export const eventually = <Value>(read: () => Value) => expect.poll(() => read(), { timeout: 5_000, interval: 10 });
