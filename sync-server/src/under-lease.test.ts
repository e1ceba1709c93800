import { silentLogger, type Lease } from '@codesync/storage';
import { createFakeClock, createMemoryLeases } from '@codesync/storage/memory';
import { describe, expect, it, vi } from 'vitest';
import { underLease } from './under-lease.ts';

const TTL = 15_000;

describe('work under a lease', () => {
  function setUp() {
    const clock = createFakeClock();
    const leases = createMemoryLeases({ clock });
    const other = leases.connect();
    const logger = silentLogger;
    const finished = Promise.withResolvers<string>();
    const work = vi.fn(() => finished.promise);
    const job = { lease: 'thing', ttl: TTL, longest: 60_000, work };
    const isFree = async () => {
      const lease = await other.take('thing', 1);
      await lease?.release();
      return lease !== undefined;
    };
    return { clock, leases, other, logger, finished, work, job, isFree };
  }

  it('is done by who gets it, for as long as it takes, and then it is given back', async () => {
    const { clock, leases, logger, finished, work, job, isFree } = setUp();
    const done = underLease(job, { leases, clock, logger });
    await clock.advance(50_000);
    expect(await isFree()).toBe(false);
    expect(await underLease(job, { leases: leases.connect(), clock, logger })).toBe('held elsewhere');
    expect(work).toHaveBeenCalledTimes(1);
    finished.resolve('done');
    expect(await done).toBe('done');
    expect(await isFree()).toBe(true);
    expect(clock.pending()).toBe(0);
  });

  it('gives it back when the work fails, and says why that did', async () => {
    const { clock, leases, logger, finished, job, isFree } = setUp();
    const done = underLease(job, { leases, clock, logger });
    finished.reject(new Error('the store is away'));
    await expect(done).rejects.toThrow('the store is away');
    expect(await isFree()).toBe(true);
    expect(clock.pending()).toBe(0);
  });

  it('gives it back and is given up when it takes too long, whatever becomes of the work', async () => {
    const { clock, leases, logger, finished, job, isFree } = setUp();
    const done = underLease(job, { leases, clock, logger });
    const failed = expect(done).rejects.toThrow('thing took longer than 60000 ms');
    await clock.advance(60_000);
    await failed;
    expect(await isFree()).toBe(true);
    expect(clock.pending()).toBe(0);
    finished.reject(new Error('too late'));
    await clock.advance(1_000);
  });

  it('is not begun when the lease comes too late, and that lease ends by itself', async () => {
    const { clock, leases, logger, work, job, isFree } = setUp();
    const late = Promise.withResolvers<Lease | undefined>();
    const done = underLease(job, { leases: { take: () => late.promise }, clock, logger });
    const failed = expect(done).rejects.toThrow('took longer');
    await clock.advance(60_000);
    await failed;
    late.resolve(await leases.take('thing', TTL));
    await clock.advance(TTL - 1_000);
    expect(await isFree()).toBe(false);
    await clock.advance(1_000);
    expect(await isFree()).toBe(true);
    expect(work).not.toHaveBeenCalled();
  });

  it('keeps its lease when a renewal fails, and its result when giving back does', async () => {
    const { clock, leases, logger, finished, job, isFree } = setUp();
    let down = false;
    async function take(name: string, ttl: number): Promise<Lease | undefined> {
      const lease = await leases.take(name, ttl);
      const unlessDown = <T>(ask: () => Promise<T>) => (down ? Promise.reject(new Error('leases are down')) : ask());
      return (
        lease && { renew: () => unlessDown(() => lease.renew()), release: () => unlessDown(() => lease.release()) }
      );
    }
    const done = underLease(job, { leases: { take }, clock, logger });
    await clock.advance(4_000);
    down = true;
    await clock.advance(3_000);
    down = false;
    await clock.advance(30_000);
    expect(await isFree()).toBe(false);
    down = true;
    finished.resolve('done');
    expect(await done).toBe('done');
    expect(clock.pending()).toBe(0);
  });
});
