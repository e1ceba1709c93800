// Several tasks that all hear of the same edits: the lease spares them work, and nothing hangs on it.
import { parseCursor, type Leases } from '@codesync/storage';
import { describe, expect, it, vi } from 'vitest';
import type { Merger } from './merger.ts';
import { createInlineMerger } from './testing/inline-merger.ts';
import { eventually, setUp } from './testing/snapshot-parts.ts';

const LEASE = 15_000;

/** Parts of a task that is frozen until `wake`: its merge does not come to its end, and its lease is not renewed. */
function freeze(leases: Leases) {
  const woken = Promise.withResolvers<void>();
  const inline = createInlineMerger();
  const merge = vi.fn<Merger['merge']>(async (...args) => {
    const merged = await inline.merge(...args);
    await woken.promise;
    return merged;
  });
  const take: Leases['take'] = async (...args) => {
    const lease = await leases.take(...args);
    return lease && { ...lease, renew: () => woken.promise.then(() => lease.renew()) };
  };
  return {
    parts: { merger: { merge, close: async () => {} }, leases: { ...leases, take } },
    merge,
    wake: woken.resolve,
  };
}

describe('snapshotters of several tasks', () => {
  it('one of them makes the snapshot, and the others let go of it', async () => {
    const { clock, connect, commits, document, type, pass, saved, logged, merger } = setUp();
    connect();
    connect();
    const merge = vi.spyOn(merger, 'merge');
    for (let n = 0; n < 20; n++) {
      await type('x');
      await pass(500);
    }
    await pass(4_000);
    expect(await saved()).toBe('x'.repeat(20));
    expect(await logged()).toBe(0);
    const snapshots = await commits.list(document, 100);
    expect(snapshots.length).toBeLessThan(5);
    expect(merge).toHaveBeenCalledTimes(snapshots.length);
    expect(clock.pending()).toBe(0);
  });

  it('R4: a frozen task loses nothing when it wakes: another took over, and its own commit is refused', async () => {
    const { leases, connect, commits, document, log, typist, type, pass, settled, saved, logged } = setUp();
    const frozen = freeze(leases.connect());
    const sleeper = connect(frozen.parts);
    await log.append(document, [typist.type('one ')]);
    const late = sleeper.flush(document);
    await eventually(() => frozen.merge.mock.calls.length).toBe(1);

    await type('two ');
    await pass(LEASE - 2_000);
    expect(await saved()).toBeUndefined();
    await pass(4_500);
    expect(await saved()).toBe('one two ');
    await type('three');
    await pass(5_000);
    expect(await saved()).toBe('one two three');

    const before = await commits.list(document, 100);
    frozen.wake();
    await late;
    await settled();
    expect(await saved()).toBe('one two three');
    expect(await logged()).toBe(0);
    expect(await commits.list(document, 100)).toEqual(before);
  });

  it('a slow task that lives keeps its lease, and nobody does its work a second time', async () => {
    const release = Promise.withResolvers<void>();
    const slow = vi.fn<Merger['merge']>(async (...args) => {
      await release.promise;
      return createInlineMerger().merge(...args);
    });
    const { connect, log, document, typist, type, pass, saved, merger } = setUp();
    const merge = vi.spyOn(merger, 'merge');
    const task = connect({ merger: { merge: slow, close: async () => {} } });
    await log.append(document, [typist.type('one ')]);
    const flushed = task.flush(document);
    await eventually(() => slow.mock.calls.length).toBe(1);
    await type('two');
    await pass(3 * LEASE);
    expect(merge).not.toHaveBeenCalled();
    release.resolve();
    await flushed;
    await pass(5_000);
    expect(await saved()).toBe('one two');
  });

  it('R1: an edit that came after what another task saved is saved by whoever heard of it', async () => {
    const { leases, log, store, document, snapshotter, typist, type, pass, saved, merger } = setUp();
    const theirs = await leases.connect().take(`snapshot:${document}`, LEASE);
    const update = typist.type('theirs ');
    const { cursor } = await log.append(document, [update]);
    snapshotter.noteEdit(document, { cursor, urgent: false });
    await type('ours');
    await pass(3_000);
    await store.save(document, undefined, cursor, (await merger.merge(undefined, [update])).state);
    snapshotter.saved(document, cursor);
    await theirs?.release();
    await pass(3_000);
    expect(await saved()).toBe('theirs ours');
  });

  it('R7: a snapshot of another history does not count, however late its cursor sorts', async () => {
    const { snapshotter, document, type, pass, saved } = setUp();
    await type('here');
    snapshotter.saved(document, parseCursor('999999-0'));
    await pass(2_000);
    expect(await saved()).toBe('here');
  });

  it('an edit whose place is not told is looked after by each task, and costs the store one reading and one writing', async () => {
    const { connect, log, document, snapshots, typist, pass, saved } = setUp();
    const tasks = [connect(), connect(), connect()];
    await log.append(document, [typist.type('put')]);
    const load = vi.spyOn(snapshots, 'load');
    const save = vi.spyOn(snapshots, 'save');
    for (const task of tasks) task.noteEdit(document, { cursor: undefined, urgent: false });
    await pass(6_000);
    expect(await saved()).toBe('put');
    expect(load).toHaveBeenCalledTimes(1);
    expect(save).toHaveBeenCalledTimes(1);
    expect(tasks.map(({ backlog }) => backlog.documents)).toEqual([0, 0, 0]);
  });

  it('leases that cannot be asked are an outage: nothing is done without one, it is tried again, and nothing is lost', async () => {
    const shared = setUp();
    const { connect, log, document, typist, pass, saved, logged, logger } = shared;
    let down = true;
    const leases = shared.leases.connect();
    const take: Leases['take'] = async (...args) => {
      if (down) throw new Error('the leases are down');
      return leases.take(...args);
    };
    const task = connect({ leases: { ...leases, take } });
    const { cursor } = await log.append(document, [typist.type('kept')]);
    task.noteEdit(document, { cursor, urgent: false });
    await pass(60_000);
    expect(await logged()).toBe(1);
    expect(await saved()).toBeUndefined();
    expect(logger.warn.mock.calls.length).toBeGreaterThan(3);
    expect(logger.warn.mock.calls.length).toBeLessThan(10);
    await expect(task.flush(document)).rejects.toThrow('the leases are down');
    down = false;
    await pass(40_000);
    expect(await saved()).toBe('kept');
  });

  describe('R20: a task that stops', () => {
    it('waits for the task that has the lease, and no longer than until it has saved', async () => {
      const { leases, log, document, snapshotter, typist, clock, settled } = setUp();
      await leases.connect().take(`snapshot:${document}`, LEASE);
      const { cursor } = await log.append(document, [typist.type('x')]);
      snapshotter.noteEdit(document, { cursor, urgent: false });
      let drained = false;
      const draining = snapshotter.drain().then(() => (drained = true));
      await clock.advance(5_000);
      expect(drained).toBe(false);
      snapshotter.saved(document, cursor);
      await draining;
      await snapshotter.stop();
      await settled();
      expect(clock.pending()).toBe(0);
    });

    it('saves itself when the task that has the lease died', async () => {
      const { leases, document, snapshotter, type, pass, saved } = setUp();
      await leases.connect().take(`snapshot:${document}`, LEASE);
      await type('x');
      const draining = snapshotter.drain();
      await pass(LEASE + 2_500);
      await draining;
      expect(await saved()).toBe('x');
    });

    it('gives its leases back, so that another can go on at once', async () => {
      const { leases, document, snapshotter, type } = setUp();
      await type('x');
      await snapshotter.drain();
      await snapshotter.stop();
      expect(await leases.connect().take(`snapshot:${document}`, LEASE)).toBeDefined();
    });

    it('ends when leases cannot be asked', async () => {
      const { connect, document, type, logged } = setUp();
      const take = async () => Promise.reject(new Error('the leases are down'));
      const task = connect({ leases: { take } });
      await type('x');
      await task.drain();
      await task.stop();
      expect(await logged(document)).toBe(1);
    });
  });
});
