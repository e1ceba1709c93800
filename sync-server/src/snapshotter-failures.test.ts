import { newDocumentId } from '@codesync/contract';
import type { SnapshotStore } from '@codesync/storage';
import { describe, expect, it, vi } from 'vitest';
import { eventually, setUp } from './testing/snapshot-parts.ts';

describe('Snapshotter, when something fails', () => {
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

  it('R8: when the store is back, the first document that is saved brings the others on', async () => {
    const { clock, objects, type, logged, settled } = setUp();
    const others = [newDocumentId(), newDocumentId(), newDocumentId()];
    objects.fail(new Error('the store is down'));
    for (const document of others) await type('x', document);
    for (let i = 0; i < 60; i++) {
      await clock.advance(5_000);
      await settled();
    }
    // By now each is tried every half minute.
    await clock.advance(1_000);
    objects.heal();
    await type('typed after the outage');
    await clock.advance(1_500);
    await eventually(() => logged()).toBe(0);
    await clock.advance(1_500);
    for (const document of others) await eventually(() => logged(document)).toBe(0);
  });

  it('R19: a document that cannot be merged is reported, tried rarely and never trimmed; the others go on', async () => {
    const { clock, log, snapshotter, typist, type, saved, logged, logger } = setUp();
    const bad = newDocumentId();
    await log.append(bad, [Uint8Array.of(1, 2, 3)]);
    for (let second = 0; second < 120; second++) {
      snapshotter.noteEdit(bad, { cursor: undefined, urgent: false });
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

  describe('a store that hangs', () => {
    /** Saving hangs as long as it is told to, and then ends as if nothing had been. */
    function hanging(concurrency: number) {
      let release: PromiseWithResolvers<void> | undefined = Promise.withResolvers();
      const save = vi.fn<SnapshotStore['save']>();
      const parts = setUp({
        concurrency,
        store(store) {
          save.mockImplementation(async (...args) => {
            await release?.promise;
            return store.save(...args);
          });
          return { ...store, save };
        },
      });
      /** Those that hang go on hanging until the answer is called. */
      function heal(): () => void {
        const hanging = release;
        release = undefined;
        return () => hanging?.resolve();
      }
      return { ...parts, save, heal };
    }

    it('keeps its places for a minute, then the other documents are saved', async () => {
      const { clock, type, save, heal, logged } = hanging(2);
      const [stuck, others] = [
        [newDocumentId(), newDocumentId()],
        [newDocumentId(), newDocumentId(), newDocumentId()],
      ];
      for (const document of stuck) await type('x', document);
      await clock.advance(1_100);
      expect(save).toHaveBeenCalledTimes(2);
      heal();
      for (const document of others) await type('y', document);
      await clock.advance(50_000);
      expect(save).toHaveBeenCalledTimes(2);
      await clock.advance(15_000);
      for (const document of [...stuck, ...others]) await eventually(() => logged(document)).toBe(0);
    });

    it('R4: what it does late loses nothing: others committed meanwhile, and it is refused', async () => {
      const { clock, type, heal, settled, saved, logged, text, commits, document, snapshotter } = hanging(1);
      await type('one ');
      await clock.advance(1_100);
      const release = heal();
      await type('two');
      await clock.advance(70_000);
      await eventually(saved).toBe('one two');
      await eventually(logged).toBe(0);
      const before = await commits.list(document, 10);
      release();
      await settled();
      await snapshotter.flush(document);
      expect(await commits.list(document, 10)).toEqual(before);
      expect(await text()).toBe('one two');
    });

    it('R16: does not gather more and more of what hangs', async () => {
      const { clock, type, save, heal } = hanging(2);
      for (let n = 0; n < 40; n++) await type('x', newDocumentId());
      await clock.advance(60 * 60_000);
      expect(save).toHaveBeenCalledTimes(16);
      heal()();
      await clock.advance(1_000);
      await eventually(() => save.mock.calls.length).toBeGreaterThan(16);
    });

    it('R20: does not hold up the end for longer than that minute', async () => {
      const { clock, type, snapshotter } = hanging(2);
      await type('x');
      await clock.advance(1_100);
      const stopped = snapshotter.stop();
      await clock.advance(60_000);
      await stopped;
      expect(clock.pending()).toBe(0);
    });
  });

  it('R8: when the store is back, everything that waits is written soon, and not all at once', async () => {
    let saving = 0;
    let most = 0;
    const { type, objects, pass, logged } = setUp({
      store: (store) => ({
        ...store,
        async save(...args) {
          most = Math.max(most, ++saving);
          return store.save(...args).finally(() => saving--);
        },
      }),
    });
    const documents = Array.from({ length: 50 }, () => newDocumentId());
    objects.fail(new Error('the store is away'));
    for (const document of documents) await type('x', document);
    await pass(120_000);
    objects.heal();
    await pass(38_000);
    for (const document of documents) expect(await logged(document)).toBe(0);
    expect(most).toBe(2);
  });
});
