import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { advice, programs } from './programs.mjs';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "codesync-it's-"));
  await mkdir(join(root, 'bin'));
});
afterEach(() => rm(root, { recursive: true }));

async function provide(name: string, script: string) {
  await writeFile(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
  await chmod(join(root, 'bin', name), 0o755);
}

const env = () => ({ PATH: `${join(root, '.node', 'bin')}:${join(root, 'bin')}` });
const options = () => ({
  cwd: root,
  env: { PATH: `${env().PATH}:/usr/bin:/bin` },
  signal: new AbortController().signal,
});

const both = ['chromium', 'redis-server'];

describe('the programs that a command needs', () => {
  it('are found on PATH, under any of their names, and linked', async () => {
    await provide('google-chrome', 'echo "chrome $*"');
    await provide('redis-server', 'echo "redis $*"');
    const step = programs(root, env(), both);
    expect(step.isDone()).toBe(false);
    await step.make(options());
    expect(step.isDone()).toBe(true);
    const links = join(root, '.node', 'bin');
    expect((await readdir(links)).toSorted()).toEqual(['chromium', 'redis-server']);
    expect(await readFile(join(links, 'chromium'), 'utf8')).toContain('google-chrome');
  });

  it('are those of this command alone', async () => {
    await provide('redis-server', 'exit 0');
    const step = programs(root, env(), ['redis-server']);
    await step.make(options());
    expect(step.isDone()).toBe(true);
    expect(await readdir(join(root, '.node', 'bin'))).toEqual(['redis-server']);
  });

  it('are asked for again when they have gone', async () => {
    await provide('chromium', 'exit 0');
    await provide('redis-server', 'exit 0');
    const step = programs(root, env(), both);
    await step.make(options());
    await rm(join(root, 'bin', 'chromium'));
    expect(step.isDone()).toBe(false);
  });

  it('that are there but do not start are told, not used', async () => {
    await provide('chromium', 'echo "install the snap first" >&2; exit 1');
    await provide('redis-server', 'exit 0');
    await expect(programs(root, env(), both).make(options())).rejects.toThrow(
      /install the snap first\nCodeSync: starting .*failed/,
    );
  });

  it('that are too old are told in one line, not used', async () => {
    await provide('redis-server', 'echo "Redis server v=6.2.14 sha=00000000:0"');
    const step = programs(root, env(), ['redis-server']);
    const path = join(root, 'bin', 'redis-server');
    await expect(step.make(options())).rejects.toThrow(`CodeSync: ${path} is redis-server 6; it has to be 7 or newer.`);
    await provide('redis-server', 'echo "Redis server v=7.0.15 sha=00000000:0"');
    await step.make(options());
    expect(step.isDone()).toBe(true);
  });

  it('that are missing where nothing may be installed are one line that says what to install', async () => {
    // No apt-get on this PATH, so not even root may.
    const error = await programs(root, env(), both)
      .make(options())
      .catch((reason: unknown) => reason);
    expect(String(error)).toMatch(
      /CodeSync: this needs chromium and redis-server, which are not on this machine: [^\n]+$/,
    );
    expect(advice([])).not.toContain('\n');
  });
});
