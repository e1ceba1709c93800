import { newDocumentId, type DocumentId } from '@codesync/contract';
import { silentLogger } from '@codesync/storage';
import { createFakeClock, createMemoryLeases } from '@codesync/storage/memory';
import { describe, expect, it, vi } from 'vitest';
import { createRetentionJob } from './retention-job.ts';

const MINUTE = 60_000;

describe('the retention job', () => {
  /** So many documents that have something to thin, until they were thinned. */
  function setUp(count: number) {
    const clock = createFakeClock();
    const leases = createMemoryLeases({ clock });
    const logger = { ...silentLogger, warn: vi.fn() };
    const waiting = new Set(Array.from({ length: count }, () => newDocumentId()));
    const thinned: DocumentId[] = [];
    const snapshots = {
      async *thinnable() {
        yield* Array.from(waiting);
      },
      async thin(document: DocumentId) {
        thinned.push(document);
        waiting.delete(document);
      },
    };
    const connect = () => createRetentionJob({ snapshots, leases: leases.connect(), clock, logger });
    return { clock, leases, logger, waiting, thinned, snapshots, connect };
  }

  it('thins what there is to thin, one after the other with pauses, and what comes later in its next turn', async () => {
    const { clock, waiting, thinned, connect } = setUp(20);
    connect().start();
    await clock.advance(500);
    expect(thinned.length).toBeLessThan(12);
    await clock.advance(1_000);
    expect(thinned).toHaveLength(20);
    waiting.add(newDocumentId());
    await clock.advance(9 * MINUTE);
    expect(thinned).toHaveLength(20);
    await clock.advance(4 * MINUTE);
    expect(thinned).toHaveLength(21);
  });

  it('is done by one task at a time', async () => {
    const { clock, thinned, snapshots, connect } = setUp(100);
    const thinnable = vi.spyOn(snapshots, 'thinnable');
    const jobs = Array.from({ length: 5 }, connect);
    for (const job of jobs) job.start();
    await clock.advance(5 * MINUTE);
    expect(thinned).toHaveLength(100);
    expect(thinnable).toHaveBeenCalledTimes(1);
    await Promise.all(jobs.map((job) => job.stop()));
    expect(clock.pending()).toBe(0);
  });

  it('a document that cannot be thinned is reported, and the others are', async () => {
    const { clock, waiting, thinned, snapshots, connect, logger } = setUp(5);
    const [bad] = waiting;
    const thin = vi.spyOn(snapshots, 'thin');
    thin.mockRejectedValueOnce(new Error('its head has no row'));
    connect().start();
    await clock.advance(1_000);
    expect(thinned).toHaveLength(4);
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ document: bad }),
      expect.stringContaining('thinned'),
    );
  });

  it('does not go through all documents when the store is away, and goes on when it is back', async () => {
    const { clock, thinned, snapshots, connect } = setUp(1_000);
    const away = vi.spyOn(snapshots, 'thin').mockRejectedValue(new Error('the store is away'));
    connect().start();
    await clock.advance(30_000);
    expect(away).toHaveBeenCalledTimes(10);
    away.mockRestore();
    await clock.advance(3 * MINUTE);
    expect(thinned).toHaveLength(1_000);
  });

  it('R20: stops after the document it is at, and another task may go on at once', async () => {
    const { clock, leases, thinned, connect } = setUp(100);
    const job = connect();
    job.start();
    await clock.advance(500);
    await job.stop();
    const { length } = thinned;
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThan(20);
    connect().start();
    await clock.advance(10_000);
    expect(new Set(thinned).size).toBe(100);
    expect(await leases.connect().take('retention', MINUTE)).toBeUndefined();
  });
});
