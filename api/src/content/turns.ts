// One after the other for each document, in this process.
import type { DocumentId } from '@codesync/contract';

export type Turns = <T>(document: DocumentId, work: () => Promise<T>) => Promise<T>;

/**
 * Two puts that are both made of the same text would have their letters mixed, and a repeated one would double what it inserts.
 * Puts that meet on two tasks still merge: nothing is lost, but both are in. What waits is bounded by the requests that do.
 */
export function createTurns(): Turns {
  const latest = new Map<DocumentId, Promise<unknown>>();

  return async (document, work) => {
    const before = latest.get(document);
    const turn = afterwards(before, work);
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
