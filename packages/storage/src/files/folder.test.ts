// What the folder of objects may meet: a crash in the middle of a write, another's files, no permission.
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../object-store.ts';
import { openFileObjectStore } from './index.ts';

describe('the folder of objects', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'codesync-objects-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made when it is not there, with the folders above it', async () => {
    const deep = join(folder, 'a', 'b');
    const objects = await openFileObjectStore(deep);
    await objects.put('documents/1/2.zst', Uint8Array.of(1, 2));
    expect([...(await readFile(join(deep, 'documents', '1', '2.zst')))]).toEqual([1, 2]);
  });

  it('what a crash left unfinished is never listed or read, and is gone after the next start', async () => {
    const objects = await openFileObjectStore(folder);
    await objects.put('a', Uint8Array.of(1));
    await writeFile(join(folder, '~unfinished', 'half'), 'half an obj');
    expect(await keysOf(objects)).toEqual(['a']);
    await expect(objects.get('~unfinished/half')).rejects.toThrow('not an object key');

    const again = await openFileObjectStore(folder);
    expect(await keysOf(again)).toEqual(['a']);
    expect(await readdir(join(folder, '~unfinished'))).toEqual([]);
  });

  it('a put that fails leaves nothing unfinished, and its key is free', async () => {
    const objects = await openFileObjectStore(folder);
    await objects.put('a', Uint8Array.of(1));
    await expect(objects.put('a/b', Uint8Array.of(2))).rejects.toThrow();
    await expect(objects.put('a', Uint8Array.of(2))).rejects.toThrow('never overwritten');
    expect(await readdir(join(folder, '~unfinished'))).toEqual([]);
    await objects.remove('a');
    await objects.put('a/b', Uint8Array.of(2));
    expect(await keysOf(objects)).toEqual(['a/b']);
  });

  it('is refused when it cannot be written, with a sentence that names it', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(openFileObjectStore(file)).rejects.toThrow(`The snapshots' folder ${file} cannot be written`);
  });

  it('a check fails when the folder is gone', async () => {
    const objects = await openFileObjectStore(folder);
    await rm(folder, { recursive: true });
    await expect(objects.check()).rejects.toThrow();
    await mkdir(folder);
  });

  it('an object that cannot be read is an error, not an absence', async () => {
    const objects = await openFileObjectStore(folder);
    // Leads to itself: not even root can read it.
    await symlink('loop', join(folder, 'loop'));
    await expect(objects.get('loop')).rejects.toThrow('ELOOP');
  });
});

async function keysOf(objects: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list('')) keys.push(key);
  return keys;
}
