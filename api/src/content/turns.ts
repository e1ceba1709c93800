// One after the other for each document: within this process by waiting, across tasks by a lease.
import { Failure, type DocumentId } from '@codesync/contract';
import type { Clock, Lease, Leases } from '@codesync/storage';
import { answered } from '../http/outage.ts';

export type Turns = <T>(document: DocumentId, work: () => Promise<T>) => Promise<T>;

/** A task that died in its turn holds the others up for so long, in milliseconds; reading and appending take a part of it. */
const TURN = 15_000;
/** Between two looks whether another task's turn is over. */
const LOOK = { least: 20, most: 250 } as const;
/** Longer than a turn, so that a dead task's is waited out. */
const PATIENCE = 20_000;

/**
 * Two puts that are both made of the same text would have their letters mixed, and a repeated one would double what it inserts.
 * What waits is bounded by the requests that do. Rejects with `unavailable` when it is never this one's turn.
 */
export function createTurns({ leases, clock }: { leases: Leases; clock: Clock }): Turns {
  const latest = new Map<DocumentId, Promise<unknown>>();

  async function take(document: DocumentId): Promise<Lease> {
    const until = clock.now() + PATIENCE;
    for (let pause: number = LOOK.least; ; pause = Math.min(2 * pause, LOOK.most)) {
      const lease = await answered('lease store', leases.take(`content:${document}`, TURN));
      if (lease !== undefined) return lease;
      if (clock.now() >= until) throw new Failure('unavailable', { detail: 'Others keep replacing this text.' });
      await new Promise<void>((resolve) => clock.after(pause * (0.5 + Math.random()), resolve));
    }
  }

  async function alone<T>(document: DocumentId, work: () => Promise<T>): Promise<T> {
    const lease = await take(document);
    try {
      return await work();
    } finally {
      // What is not given back ends by itself.
      await lease.release().catch(() => {});
    }
  }

  return async (document, work) => {
    const before = latest.get(document);
    const turn = afterwards(before, () => alone(document, work));
    latest.set(document, turn);
    try {
      return await turn;
    } finally {
      if (latest.get(document) === turn) latest.delete(document);
    }
  };
}

/** How the one before ended is its own caller's business. */
async function afterwards<T>(before: Promise<unknown> | undefined, work: () => Promise<T>): Promise<T> {
  if (before !== undefined) await Promise.allSettled([before]);
  return work();
}
