// The server for tests itself: whatever happens to who started it, nothing of it stays.
import { startPostgres } from '@codesync/database/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { expect, it, vi } from 'vitest';
import { OPENING } from './backends.ts';

/** Rejects with ECONNREFUSED when nobody listens. */
async function connect(port: number): Promise<void> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

it(
  'stops, twice without complaint, and frees its port',
  async () => {
    const server = await startPostgres();
    await server.stop();
    await server.stop();
    await expect(connect(server.config.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  },
  OPENING,
);

it(
  'ends with the process that started it, also after kill -9, and takes its folder along',
  async () => {
    const starter = spawn(process.execPath, [new URL('start-postgres.ts', import.meta.url).pathname]);
    const [line]: unknown[] = await once(starter.stdout.setEncoding('utf8'), 'data');
    const { port, folder }: { port: number; folder: string } = JSON.parse(String(line));
    await access(folder);
    await connect(port);
    starter.kill('SIGKILL');
    await vi.waitFor(async () => {
      await expect(connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await expect(access(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    }, 20_000);
  },
  OPENING,
);
