// Objects as files in a folder that belongs to this process alone: written aside, forced to the disk, then renamed into place.
import { randomUUID } from 'node:crypto';
import { access, lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCode } from '../error-code.ts';
import { assertObjectKey } from '../object-key.ts';
import type { ObjectStore, StoredObject } from '../object-store.ts';

/** Where objects are written before they have their name. No key can lie in here: keys have no '~'. */
const UNFINISHED = '~unfinished';

/** Rejects with one sentence that names the folder when it cannot be written. What a crash left unfinished is removed. */
export async function openFileObjectStore(root: string): Promise<ObjectStore> {
  const folder = resolve(root);
  const unfinished = join(folder, UNFINISHED);
  await prepare(folder, unfinished);
  /** Keys on their way: between the look whether a name is taken and the rename, another put of it must not slip in. */
  const arriving = new Set<string>();
  let closed = false;

  function pathOf(key: string): string {
    assertOpen();
    assertObjectKey(key);
    return join(folder, key);
  }

  function assertOpen(): void {
    if (closed) throw new Error('the object store is closed');
  }

  return {
    async put(key, bytes) {
      const path = pathOf(key);
      if (arriving.has(key)) throw new ObjectExists(key);
      arriving.add(key);
      const aside = join(unfinished, randomUUID());
      try {
        if (await exists(path)) throw new ObjectExists(key);
        await writeToDisk(aside, bytes);
        await mkdir(dirname(path), { recursive: true });
        await rename(aside, path);
        await foldersToDisk(dirname(path), folder);
      } finally {
        // Not there any more when all went well.
        await rm(aside, { force: true });
        arriving.delete(key);
      }
    },

    async get(key) {
      const path = pathOf(key);
      try {
        return new Uint8Array(await readFile(path));
      } catch (error) {
        if (isAbsence(error)) return undefined;
        throw error;
      }
    },

    // The folders stay, empty: removing them would race with a put that is about to use one.
    async remove(key) {
      await rm(pathOf(key), { force: true });
    },

    async *list(prefix) {
      assertOpen();
      const base = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      if (base !== '') assertObjectKey(base.slice(0, -1));
      yield* walk(folder, base, prefix);
    },

    async check() {
      assertOpen();
      const probe = join(unfinished, randomUUID());
      await writeToDisk(probe, new Uint8Array(1));
      await rm(probe);
    },

    async close() {
      closed = true;
    },
  };
}

class ObjectExists extends Error {
  constructor(key: string) {
    super(`object ${key} exists: objects are never overwritten`);
    this.name = 'ObjectExists';
  }
}

async function prepare(folder: string, unfinished: string): Promise<void> {
  try {
    await rm(unfinished, { recursive: true, force: true });
    const made = await mkdir(unfinished, { recursive: true });
    if (made !== undefined) await foldersToDisk(unfinished, dirname(made));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The snapshots' folder ${folder} cannot be written: ${reason}.`, { cause: error });
  }
}

async function writeToDisk(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A name survives power loss only when its folder was forced too, and that folder's name likewise. From `inner` up to `outer`. */
async function foldersToDisk(inner: string, outer: string): Promise<void> {
  for (let path = inner; ; path = dirname(path)) {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    if (path === outer || path === dirname(path)) return;
  }
}

/** Keys in the order of their characters: a folder sorts with its '/', so `a-b` comes before `a/b`. */
async function* walk(folder: string, base: string, prefix: string): AsyncGenerator<StoredObject> {
  for (const name of await namesIn(join(folder, base))) {
    const key = `${base}${name}`;
    if (name.endsWith('/')) {
      if (key.startsWith(prefix)) yield* walk(folder, key, prefix);
    } else if (key.startsWith(prefix)) {
      const writtenAt = await writtenAtOf(join(folder, key));
      if (writtenAt !== undefined) yield { key, writtenAt };
    }
  }
}

/** undefined: removed since its name was read. */
async function writtenAtOf(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).mtimeMs;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const items = await readdir(folder, { withFileTypes: true });
    return items
      .filter((item) => item.name !== UNFINISHED)
      .map((item) => (item.isDirectory() ? `${item.name}/` : item.name))
      .toSorted((a, b) => (a < b ? -1 : 1));
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

/** No such file, a file where a folder would be, or a folder where the file would be: in each case there is no such object. */
function isAbsence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errorCode(error) ?? '');
}
