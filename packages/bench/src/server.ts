// A CodeSync of its own for one measurement, in a data folder that goes away with it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServerProcess, type ServerProcess } from '@codesync/e2e/server-process';

export async function withServer<T>(use: (start: () => Promise<ServerProcess>) => Promise<T>): Promise<T> {
  const data = await mkdtemp(join(tmpdir(), 'codesync-bench-'));
  let running: ServerProcess | undefined;
  try {
    return await use(async () => (running = await startServerProcess({ data })));
  } finally {
    await running?.kill();
    await rm(data, { recursive: true, force: true });
  }
}
