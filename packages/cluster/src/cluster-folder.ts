// Where a cluster keeps what it has, and who may use it: one at a time, and after kill -9 the next one at once.
import { openDataFolder, StartFailure } from '@codesync/runtime';
import { ClassicLevel } from 'classic-level';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@codesync/backends';

export interface ClusterFolder {
  /** Folders of the backends. */
  readonly postgres: string;
  readonly redis: string;
  readonly objects: string;
  /** The port that Redis has here for good: while one of a dead cluster still writes to this folder, no second one can start. */
  readonly redisPort: number;
  /** The secret that signs tokens. */
  secret(): Promise<string>;
  /** Lets the next one in. */
  close(): Promise<void>;
}

/** In `cluster` of the data folder. Throws StartFailure when it can't be written or is in use. */
export async function openClusterFolder(data: string): Promise<ClusterFolder> {
  await openDataFolder(data);
  const folder = await openDataFolder(join(data, 'cluster'));
  const lock = await takeLock(join(folder.path, 'lock'), data);
  return {
    postgres: join(folder.path, 'postgres'),
    redis: join(folder.path, 'redis'),
    objects: join(folder.path, 'objects'),
    redisPort: await keptPort(join(folder.path, 'redis-port')),
    secret: () => folder.secret(),
    close: () => lock.close(),
  };
}

/** LevelDB's lock is the kernel's: it ends with the process that holds it, however that dies. Nothing is stored there. */
async function takeLock(path: string, data: string): Promise<ClassicLevel> {
  const lock = new ClassicLevel(path);
  try {
    await lock.open();
    return lock;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.cause : undefined;
    if (reason instanceof Error && 'code' in reason && reason.code === 'LEVEL_LOCKED') {
      throw new StartFailure(`The data folder ${data} is in use by another process.`, { cause });
    }
    throw cause;
  }
}

async function keptPort(file: string): Promise<number> {
  const kept = Number(await readFile(file, 'utf8').catch(() => ''));
  if (Number.isInteger(kept) && kept > 0) return kept;
  const port = await freePort();
  await writeFile(file, String(port));
  return port;
}
