// fsync of a whole folder.
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Resolves when all that the folder holds is on disk. The files of one folder together: one after the other takes ten times as long. */
export async function syncFolder(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  await Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => sync(join(folder, entry.name))));
  for (const entry of entries) {
    if (entry.isDirectory()) await syncFolder(join(folder, entry.name));
  }
  await sync(folder);
}

/** Of a folder: its names, that is what was made, renamed and removed in it. */
export async function sync(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}
