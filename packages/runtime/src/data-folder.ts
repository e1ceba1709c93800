// The folder in which an embedded CodeSync keeps all there is: made if missing, shown to be writable, and home of the signing secret.
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, StartFailure } from './start-failure.ts';

export interface DataFolder {
  readonly path: string;
  /** Folders of the adapters. */
  readonly log: string;
  readonly objects: string;
  readonly database: string;
  /** The secret that signs tokens when none is configured. Only for who holds the folder's lock. */
  secret(): Promise<string>;
}

/** Throws StartFailure when the folder can't be made or written. Takes no lock: see open-platform.ts. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  try {
    // For the owner alone: everyone's text and the secret are in it.
    await mkdir(path, { recursive: true, mode: 0o700 });
    // Permissions say too little (root, read-only mounts, full disks): only writing shows that it can be written.
    await rm(await mkdtemp(join(path, '.probe-')), { recursive: true });
  } catch (cause) {
    throw unwritable(path, cause);
  }
  return {
    path,
    log: join(path, 'log'),
    objects: join(path, 'objects'),
    database: join(path, 'database'),
    secret: () => keptSecret(path),
  };
}

async function keptSecret(folder: string): Promise<string> {
  const file = join(folder, 'jwt-secret');
  const kept = await readIfThere(file);
  if (kept !== undefined && kept !== '') return kept;
  const secret = randomBytes(32).toString('base64url');
  try {
    // A file that is whole or absent: half a secret after a crash would sign everybody out.
    const draft = `${file}.draft`;
    await rm(draft, { force: true });
    const handle = await open(draft, 'wx', 0o600);
    await handle.writeFile(secret);
    await handle.sync();
    await handle.close();
    await rename(draft, file);
  } catch (cause) {
    throw unwritable(folder, cause);
  }
  return secret;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined;
    throw new StartFailure(`${file} can't be read (${errnoOf(cause) ?? 'unknown error'}).`, { cause });
  }
}

function unwritable(path: string, cause: unknown): StartFailure {
  const reason = errnoOf(cause) ?? 'unknown error';
  return new StartFailure(`The data folder ${path} can't be written (${reason}). CODESYNC_DATA names another one.`, {
    cause,
  });
}
