import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeSetupLock } from './setup-lock.mjs';

const holder = `
  const { takeSetupLock } = await import(${JSON.stringify(new URL('./setup-lock.mjs', import.meta.url).href)});
  await takeSetupLock(process.argv[1], new AbortController().signal);
  console.log('held');
  setInterval(() => {}, 1000);
`;

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'codesync-lock-'));
});
afterEach(() => rm(root, { recursive: true }));

async function holdElsewhere() {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', holder, root];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

describe('takeSetupLock', () => {
  it('waits for another process, and has the lock at once when that was killed', async () => {
    const child = await holdElsewhere();
    let taken = false;
    const taking = takeSetupLock(root, new AbortController().signal).then((release) => {
      taken = true;
      return release;
    });
    await expect(takeSetupLock(root, AbortSignal.timeout(300))).rejects.toThrow('stopped');
    expect(taken).toBe(false);
    child.kill('SIGKILL');
    const release = await taking;
    release();
  });

  it('given back, it can be taken again', async () => {
    for (let round = 0; round < 3; round++) {
      const release = await takeSetupLock(root, new AbortController().signal);
      release();
    }
  });
});
