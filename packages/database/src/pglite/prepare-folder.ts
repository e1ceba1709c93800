// The folder of an embedded database before it is opened: there, whole, and on disk.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sync, syncFolder } from './sync-folder.ts';

const INITIALIZE = fileURLToPath(new URL('./initialize.ts', import.meta.url));

/** pg_control: where the state of the database is, a 32-bit integer, and its value after an orderly end. */
const STATE_OFFSET = 16;
const SHUT_DOWN = 1;

/** Resolves to whether every file is known to be on disk. Rejects when the folder cannot be made or read. */
export async function prepareFolder(folder: string): Promise<{ readonly synced: boolean }> {
  const path = resolve(folder);
  if (!(await isDatabase(path))) {
    await create(path);
    return { synced: true };
  }
  if (await wasShutDown(path)) return { synced: false };
  await syncFolder(path);
  return { synced: true };
}

async function isDatabase(path: string): Promise<boolean> {
  const names = await namesIn(path);
  if (names.includes('PG_VERSION')) return true;
  if (names.length === 0) return false;
  throw new Error(`${path} is not empty, and holds no database`);
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** After kill -9 Postgres repeats its log on start, and wants to know that all it finds is on disk. */
async function wasShutDown(path: string): Promise<boolean> {
  await using control = await open(join(path, 'global', 'pg_control'), 'r');
  const { buffer, bytesRead } = await control.read(Buffer.alloc(4), 0, 4, STATE_OFFSET);
  return bytesRead === 4 && buffer.readInt32LE() === SHUT_DOWN;
}

// Made beside its place and moved there whole: half a database, left by a kill in the middle, would never open again.
async function create(path: string): Promise<void> {
  const parent = dirname(path);
  const prefix = `${basename(path)}.new-`;
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true });
  }
  const made = await mkdtemp(join(parent, prefix));
  try {
    await initialize(made);
    await rename(made, path);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    throw error;
  }
  await sync(parent);
}

async function initialize(path: string): Promise<void> {
  const child = spawn(process.execPath, [INITIALIZE, path], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4_000);
  });
  const [code, signal]: unknown[] = await once(child, 'close');
  if (code === 0) return;
  const reason = /^\w*Error: (.*)$/m.exec(errors)?.[1] ?? errors.trim();
  throw new Error(`the database in ${path} could not be made (${String(signal ?? code)}): ${reason}`);
}
