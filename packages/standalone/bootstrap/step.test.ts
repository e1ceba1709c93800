import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run, StepFailed } from './step.mjs';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codesync-step-'));
});
afterEach(() => rm(folder, { recursive: true }));

const options = (signal = new AbortController().signal) => ({ cwd: folder, env: process.env, signal });

describe('run', () => {
  it('a program that works is quiet', async () => {
    expect(await run('greeting', 'sh', ['-c', 'echo hello; echo aside >&2'], options())).toMatch(/hello/);
  });

  it('a program that fails is told with its name, its code and its last words', async () => {
    const failing = run('counting', 'sh', ['-c', 'seq 1 5000; echo the reason >&2; exit 3'], options());
    const error = await failing.catch((reason: unknown) => reason);
    if (!(error instanceof StepFailed)) throw new Error('expected it to fail', { cause: error });
    expect(error.message).toMatch(
      /the reason\nCodeSync: counting failed \(sh ended with exit code 3\)\. The same command tries again\.$/,
    );
    expect(error.message.length).toBeLessThan(4200);
  });

  it('a program that is not there is told', async () => {
    await expect(run('looking', join(folder, 'nothing'), [], options())).rejects.toThrow(/looking failed .*ENOENT/);
  });

  it('told to stop, it takes the whole family of the program with it', async () => {
    const stop = new AbortController();
    // The grandchild holds the output open: `run` ends only when it has gone too, and it would stay for an hour.
    const running = run('waiting', 'sh', ['-c', 'sleep 3600 & touch started; wait'], options(stop.signal));
    await vi.waitFor(() => access(join(folder, 'started')));
    stop.abort();
    await expect(running).rejects.toThrow('stopped');
  });

  it('told to stop before, it starts nothing', async () => {
    await expect(run('starting', 'sh', ['-c', 'touch started'], options(AbortSignal.abort()))).rejects.toThrow(
      'stopped',
    );
    await expect(readFile(join(folder, 'started'))).rejects.toThrow('ENOENT');
  });
});
