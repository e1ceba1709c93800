import { newDocumentId, type DocumentId } from '@codesync/contract';
import type { UpdateLog } from '@codesync/storage';
import { describe, expect, it, vi } from 'vitest';
import type { Merger } from './merger.ts';
import { createSnapshotSweeper } from './snapshot-sweeper.ts';
import { createInlineMerger } from './testing/inline-merger.ts';
import { setUp } from './testing/snapshot-parts.ts';
import { createTypist } from './testing/typist.ts';

describe('the sweeper', () => {
  /** Documents that a task that is no more has left in the log. */
  async function leave({ log, typist }: ReturnType<typeof setUp>, count: number): Promise<DocumentId[]> {
    const left = Array.from({ length: count }, () => newDocumentId());
    for (const document of left) await log.append(document, [typist.type('x')]);
    return left;
  }

  it('R1: finds and saves at the start what a crash left in the log', async () => {
    const parts = setUp();
    const left = await leave(parts, 3);
    parts.sweeper.start();
    await parts.pass(11_000);
    for (const document of left) expect(await parts.logged(document)).toBe(0);
    expect(await parts.saved(left[0])).toBe('x');
  });

  it('R1: what a task that is killed had planned is saved by another within 32 s', async () => {
    const parts = setUp();
    parts.sweeper.start();
    // Longer than a sweep takes, so that it is nowhere near the start.
    await parts.pass(20_000);
    const left = await leave(parts, 3);
    await parts.pass(32_000);
    for (const document of left) expect(await parts.logged(document)).toBe(0);
  });

  it('R1: a sweeper that is killed in its turn holds the others up for the length of its lease', async () => {
    const parts = setUp();
    await parts.leases.connect().take('sweep', 15_000);
    const left = await leave(parts, 3);
    parts.sweeper.start();
    await parts.pass(14_000);
    expect(parts.snapshotter.backlog.documents).toBe(0);
    await parts.pass(18_000);
    for (const document of left) expect(await parts.logged(document)).toBe(0);
  });

  it('one task at a time walks the log, however many there are', async () => {
    const parts = setUp();
    const documents = vi.spyOn(parts.log, 'documents');
    const sweepers = Array.from({ length: 5 }, () =>
      createSnapshotSweeper({ ...parts, leases: parts.leases.connect(), snapshotter: parts.snapshotter }),
    );
    for (const sweeper of sweepers) sweeper.start();
    await parts.pass(60_000);
    expect(documents.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(documents.mock.calls.length).toBeLessThanOrEqual(4);
    await Promise.all(sweepers.map((sweeper) => sweeper.stop()));
    expect(parts.clock.pending()).toBe(0);
  });

  it('leaves to a task that lives what that one has planned: when it has saved, nothing is left to do', async () => {
    const parts = setUp();
    const living = parts.connect();
    const { cursor } = await parts.log.append(parts.document, [parts.typist.type('x')]);
    parts.sweeper.start();
    await parts.pass(1_000);
    expect(parts.snapshotter.backlog.documents).toBe(1);
    living.noteEdit(parts.document, { cursor, urgent: false });
    const load = vi.spyOn(parts.snapshots, 'load');
    await parts.pass(2_000);
    expect(await parts.saved()).toBe('x');
    expect(parts.snapshotter.backlog.documents).toBe(0);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('R16: takes up some hundreds at a time, and goes on until nothing is left', async () => {
    const parts = setUp();
    const left = await leave(parts, 600);
    parts.sweeper.start();
    let most = 0;
    for (let seconds = 0; seconds < 35; seconds++) {
      await parts.pass(1_000);
      most = Math.max(most, parts.snapshotter.backlog.documents);
    }
    expect(most).toBe(500);
    const logged = await Promise.all(left.map((document) => parts.logged(document)));
    expect(logged.filter((entries) => entries > 0)).toEqual([]);
  });

  it('who types here does not wait for what was found', async () => {
    const parts = setUp();
    const { clock, log, document } = parts;
    const inline = createInlineMerger();
    const slow: Merger = {
      ...inline,
      async merge(...args) {
        await new Promise<void>((resolve) => clock.after(100, resolve));
        return inline.merge(...args);
      },
    };
    const task = parts.connect({ merger: slow });
    await leave(parts, 300);
    createSnapshotSweeper({ ...parts, snapshotter: task }).start();
    await parts.pass(10_500);
    const { cursor } = await log.append(document, [createTypist().type('now')]);
    task.noteEdit(document, { cursor, urgent: false });
    await parts.pass(2_000);
    expect(await parts.saved()).toBe('now');
    expect(task.backlog.documents).toBeGreaterThan(100);
  });

  it('a document whose row is gone is not tried at every sweep', async () => {
    const save = vi.fn(async () => undefined);
    const parts = setUp({ store: (store) => ({ ...store, save }) });
    await leave(parts, 1);
    parts.sweeper.start();
    await parts.pass(9 * 60_000);
    expect(save).toHaveBeenCalledTimes(1);
    await parts.pass(3 * 60_000);
    expect(save).toHaveBeenCalledTimes(2);
  });

  it('looks again when the log was down, and says so once', async () => {
    const parts = setUp();
    const [left] = await leave(parts, 1);
    parts.log.fail(new Error('the log is down'));
    parts.sweeper.start();
    await parts.pass(60_000);
    expect(parts.logger.warn).toHaveBeenCalledTimes(1);
    parts.log.heal();
    await parts.pass(16_000);
    expect(await parts.saved(left)).toBe('x');
  });

  it('R20: stops in the middle of its turn, and another task may go on at once', async () => {
    const parts = setUp();
    const waiting = Promise.withResolvers<void>();
    async function* documents(): ReturnType<UpdateLog['documents']> {
      for (;;) {
        await waiting.promise;
        yield newDocumentId();
      }
    }
    const sweeper = createSnapshotSweeper({ ...parts, log: { documents } });
    sweeper.start();
    await parts.clock.advance(30_000);
    expect(await parts.leases.connect().take('sweep', 15_000)).toBeUndefined();
    const stopped = sweeper.stop();
    waiting.resolve();
    await stopped;
    expect(await parts.leases.connect().take('sweep', 15_000)).toBeDefined();
  });

  it('R20: stops while it waits for room', async () => {
    const parts = setUp();
    const sweeper = createSnapshotSweeper({ ...parts, snapshotter: { takeUp: () => false } });
    await leave(parts, 1);
    sweeper.start();
    await parts.clock.advance(5_000);
    await sweeper.stop();
    expect(parts.clock.pending()).toBe(0);
  });

  it('R4: who lost the lease leaves the turn to the one who has it', async () => {
    const parts = setUp();
    let taken = 0;
    const take = async () => ({ renew: async () => false, release: async () => {} });
    const takeUp = () => {
      taken += 1;
      return false;
    };
    const sweeper = createSnapshotSweeper({ ...parts, leases: { take }, snapshotter: { takeUp } });
    await leave(parts, 1);
    sweeper.start();
    await parts.clock.advance(6_500);
    expect(taken).toBeLessThanOrEqual(7);
    await parts.clock.advance(1_000);
    await sweeper.stop();
  });
});
