// Whatever happens to who started the servers, nothing of them stays.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const STARTER = fileURLToPath(new URL('start-servers.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codesync-killed-'));
  await mkdir(join(folder, 'temporary'));
  // Postgres may run as somebody else.
  await chmod(folder, 0o755);
  await chmod(join(folder, 'temporary'), 0o777);
});
afterEach(() => rm(folder, { recursive: true }));

it('servers end with the process that started them, also after kill -9, also those that hang, and their folders go', async () => {
  const starter = spawn(process.execPath, [STARTER, join(folder, 'persistent')], {
    env: { ...process.env, TMPDIR: join(folder, 'temporary') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line]: unknown[] = await once(starter.stdout.setEncoding('utf8'), 'data');
  const { ports }: { ports: number[] } = JSON.parse(String(line));
  expect(await Promise.all(ports.map(isOpen))).toEqual(ports.map(() => true));
  starter.kill('SIGKILL');
  await vi.waitFor(
    async () => {
      expect(await Promise.all(ports.map(isOpen))).toEqual(ports.map(() => false));
      expect(await readdir(join(folder, 'temporary'))).toEqual([]);
    },
    { timeout: 20_000, interval: 50 },
  );
  expect(await readdir(join(folder, 'persistent'))).not.toEqual([]);
}, 60_000);

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
