import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow, hashOf, readStamp, writeStamp } from './stamp.mjs';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'codesync-stamp-'));
  await mkdir(join(root, 'src', 'deep'), { recursive: true });
  await writeFile(join(root, 'src', 'a.ts'), 'a');
  await writeFile(join(root, 'src', 'deep', 'b.ts'), 'b');
  await writeFile(join(root, 'src', 'a.test.ts'), 'test');
});
afterEach(() => rm(root, { recursive: true }));

const hash = () => hashOf(root, filesBelow(root, 'src', /\.test\.ts$/));

describe('a stamp', () => {
  it('changes with a content, a name and a new file', async () => {
    const seen = [hash()];
    await writeFile(join(root, 'src', 'deep', 'b.ts'), 'B');
    seen.push(hash());
    await writeFile(join(root, 'src', 'c.ts'), '');
    seen.push(hash());
    await rm(join(root, 'src', 'c.ts'));
    await writeFile(join(root, 'src', 'd.ts'), '');
    seen.push(hash());
    expect(new Set(seen).size).toBe(4);
  });

  it('does not change with a checkout’s times or a file that is left out', async () => {
    const before = hash();
    await utimes(join(root, 'src', 'a.ts'), 1, 1);
    await writeFile(join(root, 'src', 'a.test.ts'), 'another test');
    expect(hash()).toBe(before);
  });

  it('text that moves from one file into the next is a change', async () => {
    const before = hash();
    await writeFile(join(root, 'src', 'a.ts'), 'ab');
    await writeFile(join(root, 'src', 'deep', 'b.ts'), '');
    expect(hash()).not.toBe(before);
  });

  it('is not there until it was written, and is written whole', async () => {
    const file = join(root, 'made', 'stamp');
    expect(readStamp(file)).toBeUndefined();
    writeStamp(file, 'one');
    writeStamp(file, 'two');
    expect(readStamp(file)).toBe('two');
    expect(await readdir(join(root, 'made'))).toEqual(['stamp']);
  });
});
