import { newDocumentId } from '@codesync/contract';
import { describe, expect, it } from 'vitest';
import { eventually, setUp } from './testing/snapshot-parts.ts';

describe('Snapshotter, when something fails', () => {
  it('looks for what a crash left again when the log was down at the start', async () => {
    const { clock, log, snapshotter, typist, document, saved } = setUp();
    await log.append(document, [typist.type('x')]);
    log.fail(new Error('the log is down'));
    await snapshotter.start();
    log.heal();
    await clock.advance(5_000);
    await clock.advance(5_000);
    await eventually(saved).toBe('x');
  });

  it('R8: while the store is down the log keeps everything, and tries become rare', async () => {
    const { clock, objects, type, saved, logged, text, settled, logger } = setUp();
    objects.fail(new Error('the store is down'));
    for (let i = 0; i < 60; i++) {
      await type('x');
      await clock.advance(5_000);
      await settled();
    }
    expect(await logged()).toBe(60);
    const tries = logger.warn.mock.calls.length;
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(25);
    objects.heal();
    await clock.advance(40_000);
    await eventually(saved).toBe('x'.repeat(60));
    expect(await text()).toBe('x'.repeat(60));
  });

  it('R19: a document that cannot be merged is reported, tried rarely and never trimmed; the others go on', async () => {
    const { clock, log, snapshotter, typist, type, saved, logged, logger } = setUp();
    const bad = newDocumentId();
    await log.append(bad, [Uint8Array.of(1, 2, 3)]);
    for (let second = 0; second < 120; second++) {
      snapshotter.noteEdit(bad);
      if (second % 30 === 0) await type('x');
      await clock.advance(1_000);
    }
    await eventually(saved).toBe('xxxx');
    expect(logger.error).toHaveBeenCalledTimes(3);
    expect(logger.error).toHaveBeenLastCalledWith(
      expect.objectContaining({ document: bad, quarantined: true }),
      expect.any(String),
    );
    expect(await logged(bad)).toBe(1);
    // Tried every 10 minutes, give or take a quarter: once in this time, whatever the jitter is.
    await clock.advance(12.75 * 60_000);
    expect(logger.error).toHaveBeenCalledTimes(4);
    await expect(snapshotter.flush(bad)).rejects.toThrow('cannot be merged');
    // As soon as it can be merged it is like any other.
    await log.remove(bad);
    await log.append(bad, [typist.type('healed')]);
    await snapshotter.flush(bad);
    expect(await logged(bad)).toBe(0);
  });

  it('R3: a missing snapshot object is reported and the log is left as it is', async () => {
    const { objects, snapshotter, type, document, logged, logger } = setUp();
    await type('first');
    await snapshotter.flush(document);
    for await (const { key } of objects.list('')) await objects.remove(key);
    await type(' second');
    await expect(snapshotter.flush(document)).rejects.toThrow('missing or damaged');
    expect(await logged()).toBe(1);
    expect(logger.error).toHaveBeenCalled();
  });

  it('a document whose row is gone is given up, and its log left to whoever deleted it', async () => {
    const { clock, type, logged, logger } = setUp({ store: (store) => ({ ...store, save: async () => undefined }) });
    await type('straggler');
    await clock.advance(60_000);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(clock.pending()).toBe(0);
    expect(await logged()).toBe(1);
  });
});
