import { newDocumentId } from '@codesync/contract';
import { describe, expect, it } from 'vitest';
import { createSnapshotAlarm } from './snapshot-alarm.ts';
import { setUp } from './testing/snapshot-parts.ts';

const TOO_LATE = 'edits wait for their snapshot far too long; the log keeps them, and grows';
const IN_TIME = 'snapshots are written again in time';

describe('the alarm about snapshots that do not come', () => {
  function watch(options: Parameters<typeof setUp>[0] = {}) {
    const parts = setUp(options);
    const alarm = createSnapshotAlarm({ ...parts, backlog: () => parts.snapshotter.backlog });
    async function pass(seconds: number): Promise<void> {
      for (let second = 0; second < seconds; second++) {
        await parts.pass(1_000);
        alarm.look();
      }
    }
    return {
      ...parts,
      pass,
      /** What it said, in order. */
      said: () => [...parts.logger.error.mock.calls, ...parts.logger.info.mock.calls],
    };
  }

  it('says nothing while snapshots come', async () => {
    const { type, pass, said } = watch();
    for (let minute = 0; minute < 3; minute++) {
      await type('x');
      await pass(60);
    }
    expect(said()).toEqual([]);
  });

  it('R8: is one line after a minute without the store, one line every five minutes, and one when it is over', async () => {
    const { type, pass, said, objects, saved } = watch();
    objects.fail(new Error('the store is away'));
    const others = [newDocumentId(), newDocumentId()];
    await type('x');
    await pass(59);
    expect(said()).toEqual([]);
    for (const other of others) await type('y', other);
    await pass(2);
    expect(said()).toEqual([[{ documents: 3, age: 61_000 }, TOO_LATE]]);
    await pass(5 * 60 - 1);
    expect(said()).toHaveLength(1);
    await pass(2);
    expect(said()).toHaveLength(2);
    expect(said()[1]).toEqual([{ documents: 3, age: 361_000 }, TOO_LATE]);

    objects.heal();
    await pass(40);
    expect(said().slice(2)).toEqual([[{ documents: 0 }, IN_TIME]]);
    expect(await saved()).toBe('x');
    await pass(600);
    expect(said()).toHaveLength(3);
  });

  it('counts what a job that hangs is to save', async () => {
    const { document, snapshotter, log, typist, clock } = watch({
      merger: { merge: () => new Promise(() => {}), close: async () => {} },
    });
    const { cursor } = await log.append(document, [typist.type('x')]);
    snapshotter.noteEdit(document, { cursor, urgent: false });
    const since = clock.now();
    await clock.advance(45_000);
    expect(snapshotter.backlog).toEqual({ documents: 1, since });
    await clock.advance(45_000);
    expect(snapshotter.backlog).toEqual({ documents: 1, since });
  });

  it('R19: is not about a document that cannot be merged: that is reported by itself', async () => {
    const { document, snapshotter, log, pass, said } = watch();
    const { cursor } = await log.append(document, [Uint8Array.of(1, 2, 3)]);
    snapshotter.noteEdit(document, { cursor, urgent: false });
    await pass(300);
    expect(said().map(([, message]) => message)).not.toContain(TOO_LATE);
    expect(said().length).toBeGreaterThanOrEqual(3);
  });
});
