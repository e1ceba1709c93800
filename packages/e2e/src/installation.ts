// A CodeSync for a test file: one process as `npm start` runs it, or many tasks behind one address as `npm run cluster` does. The vitest project says which.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@codesync/cluster';
import { inject } from 'vitest';
import { startServerProcess } from './server-process.ts';

export type Shape = 'one process' | 'cluster';

declare module 'vitest' {
  interface ProvidedContext {
    shape: Shape;
  }
}

export interface Installation {
  readonly url: string;
  /** kill -9 of everything that is ours; databases and stores live on. */
  kill(): Promise<void>;
  /** Again at the same address, over what was kept. */
  restart(): Promise<void>;
  /** Ends it and forgets its data. */
  remove(): Promise<void>;
}

export function startInstallation(): Promise<Installation> {
  return inject('shape') === 'cluster' ? startMany() : startOne();
}

async function startOne(): Promise<Installation> {
  const data = await mkdtemp(join(tmpdir(), 'codesync-e2e-'));
  let server = await startServerProcess({ data });
  const { url } = server;
  return {
    url,
    kill: () => server.kill(),
    async restart() {
      server = await startServerProcess({ data, port: Number(new URL(url).port) });
    },
    async remove() {
      await server.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Two tasks of each kind. The address spreads connections over them without stickiness, so that people meet across tasks. */
async function startMany(): Promise<Installation> {
  const cluster = await startCluster({});
  const tasks = [...cluster.api, ...cluster.sync];
  return {
    url: cluster.url,
    async kill() {
      await Promise.all(tasks.map((task) => task.kill()));
    },
    async restart() {
      await Promise.all(tasks.map((task) => task.start()));
    },
    remove: () => cluster.close(),
  };
}
