// Types a recorded session at a steady speed, below the rate that a connection is held to.
import type * as Y from 'yjs';
import { applyPatches, type Patch } from './traces.ts';

/** Edits between two pauses, and the pause in milliseconds: about 750 edits a second. */
const BURST = 8;
const PAUSE = 10;

/** Types every transaction in order. `afterEach` is awaited after each one, with its index. */
export async function typeSession(
  text: Y.Text,
  txns: readonly { readonly patches: readonly Patch[] }[],
  afterEach?: (index: number) => Promise<void> | undefined,
): Promise<void> {
  for (const [index, txn] of txns.entries()) {
    applyPatches(text, txn.patches);
    if (index % BURST === BURST - 1) await pause();
    await afterEach?.(index);
  }
}

/** The breath that a typist takes, in which sockets work. */
export function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE));
}
