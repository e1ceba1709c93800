// The turn that whoever replaces a document's text takes: a PUT of its content at a running API, or another import.
import type { DocumentId } from '@codesync/contract';
import type { Clock, Leases } from '@codesync/storage';
import { Unimportable } from './unimportable.ts';

/** Who dies in its turn holds the others up for so long, in milliseconds; reading and appending take a part of it. */
const TURN = 15_000;
const PATIENCE = 20_000;
/** Between two looks whether the turn of another is over. */
const LOOK = 100;

/** Throws Unimportable when it is never ours. */
export async function inTurn<T>(
  document: DocumentId,
  { leases, clock }: { readonly leases: Leases; readonly clock: Clock },
  work: () => Promise<T>,
): Promise<T> {
  const until = clock.now() + PATIENCE;
  // The name that the API gives it.
  let lease = await leases.take(`content:${document}`, TURN);
  while (lease === undefined) {
    if (clock.now() >= until) throw new Unimportable('others keep replacing its text');
    await new Promise<void>((resolve) => clock.after(LOOK, resolve));
    lease = await leases.take(`content:${document}`, TURN);
  }
  try {
    return await work();
  } finally {
    // What is not given back ends by itself.
    await lease.release().catch(() => {});
  }
}
