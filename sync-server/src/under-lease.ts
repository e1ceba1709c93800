// One piece of work that one task is enough for: done while it holds a lease, and not waited for longer than it may take.
import type { Clock, Lease, Leases, Logger } from '@codesync/storage';
import { keepRenewing } from './lease-renewal.ts';
import { createTimeLimit, type TimeLimit } from './time-limit.ts';

export interface LeaseDeps {
  readonly leases: Pick<Leases, 'take'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface LeasedWork<T> {
  readonly lease: string;
  /** Milliseconds from the last renewal to the end of a lease whose holder died. */
  readonly ttl: number;
  /** Milliseconds that the lease and the work together may take. Beyond them the lease is given back, and the work goes on unheeded. */
  readonly longest: number;
  work(): Promise<T>;
}

/** 'held elsewhere': nothing was done here. Rejects as the work does, when leases cannot be asked, and when it takes too long. */
export async function underLease<T>(job: LeasedWork<T>, deps: LeaseDeps): Promise<T | 'held elsewhere'> {
  const limit = createTimeLimit(deps.clock, job.longest, `${job.lease} took longer than ${job.longest} ms`);
  try {
    // One that comes after the limit ends by itself.
    const lease = await limit.race(deps.leases.take(job.lease, job.ttl));
    return lease === undefined ? 'held elsewhere' : await workWith(lease, limit, job, deps);
  } finally {
    limit.cancel();
  }
}

async function workWith<T>(lease: Lease, limit: TimeLimit, job: LeasedWork<T>, deps: LeaseDeps): Promise<T> {
  const { logger } = deps;
  const renewal = keepRenewing(lease, job.ttl, deps);
  const work = job.work();
  try {
    return await limit.race(work);
  } finally {
    renewal.stop();
    if (limit.passed)
      work.catch((error: unknown) => logger.debug({ error }, 'work that was given up failed in the end'));
    await limit.race(lease.release()).catch((error: unknown) => {
      logger.debug({ error, lease: job.lease }, 'a lease was not given back; it ends by itself');
    });
  }
}
