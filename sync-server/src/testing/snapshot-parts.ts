// A snapshotter over parts in memory, and someone who types.
import { newDocumentId } from '@codesync/contract';
import { createSnapshotStore, silentLogger, START, type Notice, type SnapshotStore } from '@codesync/storage';
import {
  createFakeClock,
  createMemoryDocumentAccess,
  createMemoryNotices,
  createMemoryObjectStore,
  createMemorySnapshotCommits,
  createMemoryUpdateLog,
} from '@codesync/storage/memory';
import { expect, vi } from 'vitest';
import type { Merger } from '../merger.ts';
import { createSnapshotter } from '../snapshotter.ts';
import { createInlineMerger } from './inline-merger.ts';
import { createTypist, textOf } from './typist.ts';

/** Compressing a snapshot happens on other threads, which the fake clock does not wait for: `eventually` does. */
export function setUp(
  options: { merger?: Merger; store?: (store: SnapshotStore) => SnapshotStore; concurrency?: number } = {},
) {
  const clock = createFakeClock();
  const log = createMemoryUpdateLog();
  const objects = createMemoryObjectStore();
  const commits = createMemorySnapshotCommits();
  const store = createSnapshotStore({ objects, commits, clock });
  const saves = new Set<Promise<unknown>>();
  const chosen = options.store?.(store) ?? store;
  const snapshots: SnapshotStore = {
    ...chosen,
    save(...args) {
      const save = chosen.save(...args);
      saves.add(save);
      return save;
    },
  };
  const notices = createMemoryNotices();
  const heard: Notice[] = [];
  notices.subscribe((notice) => heard.push(notice));
  const access = createMemoryDocumentAccess();
  const logger = { ...silentLogger, warn: vi.fn(), error: vi.fn() };
  const merger = options.merger ?? createInlineMerger();
  const deps = { log, snapshots, notices, access, merger, clock, logger };
  const snapshotter = createSnapshotter(deps, options);
  const typist = createTypist();
  const document = newDocumentId();

  async function type(text: string, into = document): Promise<void> {
    await log.append(into, [typist.type(text)]);
    snapshotter.noteEdit(into);
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
  /** Every save that was begun has ended, well or not, and the snapshotter knows. */
  async function settled(): Promise<void> {
    await Promise.allSettled(saves);
    await clock.advance(0);
  }
  return { ...deps, settled, objects, commits, store, heard, snapshotter, typist, document, type, saved, logged, text };
}

// Not expect.poll itself: it hands an argument over.
export const eventually = <Value>(read: () => Value) => expect.poll(() => read(), { timeout: 5_000, interval: 10 });
