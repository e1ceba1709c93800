// Resident memory of the one process when nobody has come yet.
import type { Measurement } from './measurement.ts';
import { residentMemory } from './process-usage.ts';
import { withServer } from './server.ts';

/** Milliseconds for what starting has left behind to be collected. */
const SETTLE = 5_000;

export function measureIdleMemory(): Promise<Measurement[]> {
  return withServer(async (start) => {
    const server = await start();
    await new Promise((resolve) => setTimeout(resolve, SETTLE));
    return [{ name: 'standalone, idle', value: await residentMemory(server.pid), unit: 'MB', budget: 500 }];
  });
}
