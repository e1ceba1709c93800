// The process of `npm start`, from outside: what it says, what it refuses, and how it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startProcess } from './server-process.ts';

let data = '';
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'codesync-process-'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

const start = (env: Record<string, string> = {}) => startProcess({ CODESYNC_DATA: data, ...env });

async function post(url: string, body: object, token?: string): Promise<Record<string, unknown>> {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect([url, response.status]).toEqual([url, 201]);
  return Object.assign({}, await response.json());
}

async function register(url: string): Promise<string> {
  const person = { email: 'ana@example.com', password: 'correct horse', name: 'Ana' };
  return String((await post(`${url}/api/auth/register`, person))['token']);
}

const statusOf = async (url: string, token: string) =>
  (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;

describe('starting', () => {
  it('says one line when every part answers, and nothing else', async () => {
    const server = start();
    const url = await server.ready;
    expect(url).toMatch(/^http:\/\/localhost:\d+$/);
    for (const path of ['/', '/api/health', '/api/ready', '/socket/health', '/socket/ready']) {
      expect([path, (await fetch(url + path)).status]).toEqual([path, 200]);
    }
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, stdout: `CodeSync is ready at ${url}\n`, stderr: '' });
  });

  it('says PUBLIC_URL when that is set', async () => {
    const server = start({ PUBLIC_URL: 'https://code.example.com' });
    expect(await server.ready).toBe('https://code.example.com');
  });

  it('a data folder in use is refused in one line that names it, and its owner goes on', async () => {
    const first = start();
    const url = await first.ready;
    const second = start();
    const { code, stdout, stderr } = await second.ended;
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `CodeSync can't start: The data folder ${data} is in use by another process.\n`,
    });
    expect((await fetch(`${url}/api/ready`)).status).toBe(200);
  });

  it('of two starts at once on one folder exactly one gets it', async () => {
    const first = start();
    const second = start();
    const outcomes = await Promise.allSettled([first.ready, second.ready]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('a port in use is refused in one line that names it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const server = start({ PORT: String(port) });
    const { code, stdout, stderr } = await server.ended;
    other.close();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^CodeSync can't start: Port ${port} on 127.0.0.1 is in use[^\\n]*\\n$`));
  });

  it('a data folder that can’t be written is refused in one line that names it', async () => {
    const file = join(data, 'file');
    await writeFile(file, '');
    const server = start({ CODESYNC_DATA: join(file, 'data') });
    const { code, stdout, stderr } = await server.ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^CodeSync can't start: The data folder \S+\/file\/data can't be written [^\n]*\n$/);
  });

  it('a wrong setting is refused in one line that names it', async () => {
    const server = start({ SNAPSHOT_INTERVAL_MS: 'soon' });
    const { code, stdout, stderr } = await server.ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^CodeSync can't start: SNAPSHOT_INTERVAL_MS [^\n]+\n$/);
  });
});

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends it with 0', async (signal) => {
    const server = start();
    await server.ready;
    server.signal(signal);
    expect((await server.ended).code).toBe(0);
  });

  it('a Ctrl-C under npm, which arrives twice, is one', async () => {
    const server = start();
    await server.ready;
    server.signal('SIGINT');
    server.signal('SIGINT');
    expect((await server.ended).code).toBe(0);
  });

  it('a signal while it is starting ends it with 0, without the line', async () => {
    const server = start();
    await vi.waitFor(async () => expect(await readdir(data)).toContain('log'), { timeout: 20_000, interval: 5 });
    server.signal('SIGTERM');
    expect(await server.ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('R20: open sockets are closed with 1012', async () => {
    const server = start();
    const url = await server.ready;
    const token = await register(url);
    const { id } = await post(`${url}/api/documents`, {}, token);
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket/${String(id)}?token=${token}`);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    server.signal('SIGTERM');
    const [event] = await closed;
    expect(event.code).toBe(1012);
    expect((await server.ended).code).toBe(0);
  });
});

describe('starting again on the same folder', () => {
  it('everything is there, sessions included', async () => {
    const before = start();
    const url = await before.ready;
    const token = await register(url);
    const { id } = await post(`${url}/api/documents`, { title: 'Kept', content: 'kept text' }, token);
    before.signal('SIGTERM');
    await before.ended;

    const after = start();
    const again = await after.ready;
    expect(await statusOf(`${again}/api/auth/me`, token)).toBe(200);
    const content = await fetch(`${again}/api/documents/${String(id)}/content`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await content.text()).toBe('kept text');
  });

  it('R1: after kill -9 everything is there as well, and the lock it left doesn’t hold', async () => {
    const before = start();
    const token = await register(await before.ready);
    before.signal('SIGKILL');
    await before.ended;

    const after = start();
    expect(await statusOf(`${await after.ready}/api/auth/me`, token)).toBe(200);
  });

  it('a zombie isn’t a holder', async () => {
    // `sleep` takes the shell's place and never asks how its child ended.
    const script = '"$0" "$1" & echo $!; exec sleep 600 >/dev/null';
    const main = new URL('../src/main.ts', import.meta.url).pathname;
    const parent = spawn('sh', ['-c', script, process.execPath, main], {
      env: { PATH: process.env['PATH'], PORT: '0', CODESYNC_DATA: data },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      let said = '';
      for await (const text of parent.stdout.setEncoding('utf8')) {
        said += String(text);
        if (said.includes('ready')) break;
      }
      const pid = Number.parseInt(said, 10);
      process.kill(pid, 'SIGKILL');
      await vi.waitFor(async () => expect(await stateOf(pid)).toBe('Z'));
      const server = start();
      await server.ready;
      expect(await stateOf(pid)).toBe('Z');
    } finally {
      parent.kill('SIGKILL');
    }
  });
});

/** One letter, as ps says it. */
async function stateOf(pid: number): Promise<string> {
  const ps = spawn('ps', ['-o', 'stat=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let state = '';
  for await (const text of ps.stdout) state += String(text);
  return state.trim().charAt(0);
}
