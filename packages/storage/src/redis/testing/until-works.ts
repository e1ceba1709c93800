// Again and again until it works, as whoever meets an outage does.
import { vi } from 'vitest';

/** In ms. Longer than any outage that a test makes. */
const PATIENCE = 20_000;

export function untilWorks<Value>(attempt: () => Promise<Value>): Promise<Value> {
  return vi.waitFor(attempt, { timeout: PATIENCE, interval: 10 });
}
