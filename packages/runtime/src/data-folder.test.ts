import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from './data-folder.ts';
import { StartFailure } from './start-failure.ts';

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'codesync-data-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

const permissions = async (path: string) => (await stat(path)).mode & 0o777;

describe('openDataFolder', () => {
  it('makes the folder, for its owner alone, and leaves nothing in it', async () => {
    const path = join(parent, 'a', 'b');
    await openDataFolder(path);
    expect(await permissions(path)).toBe(0o700);
    expect(await readdir(path)).toEqual([]);
  });

  it('makes one secret, readable by its owner alone, and keeps it', async () => {
    const first = await (await openDataFolder(parent)).secret();
    const second = await (await openDataFolder(parent)).secret();
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(second).toBe(first);
    expect(await permissions(join(parent, 'jwt-secret'))).toBe(0o600);
  });

  it('a draft left by a crash is not taken for the secret', async () => {
    await writeFile(join(parent, 'jwt-secret.draft'), 'half');
    const secret = await (await openDataFolder(parent)).secret();
    expect(secret).not.toContain('half');
    expect(await readFile(join(parent, 'jwt-secret'), 'utf8')).toBe(secret);
    expect(await readdir(parent)).toEqual(['jwt-secret']);
  });

  it('a folder that is a file, or lies below one, is refused in one line that names it', async () => {
    const file = join(parent, 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'below')]) {
      const opening = openDataFolder(path);
      await expect(opening).rejects.toThrow(StartFailure);
      await expect(opening).rejects.toThrow(
        new RegExp(`^The data folder ${path} can't be written \\(E\\w+\\)[^\\n]+$`),
      );
    }
  });
});
