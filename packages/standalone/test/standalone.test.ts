// The front door in this process: which part answers what.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Server } from '@codesync/runtime';
import { silentLogger } from '@codesync/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStandalone } from '../src/index.ts';

let data = '';
let server: Server;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'codesync-standalone-'));
  server = await startStandalone(
    { port: 0, data, allowedOrigins: ['https://friend.example'] },
    { logger: silentLogger },
  );
});

afterAll(async () => {
  await server.close();
  await rm(data, { recursive: true });
});

/** The status line and headers of an upgrade that is not accepted. */
async function upgrade(path: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname.replace('localhost', '127.0.0.1'));
  const key = 'sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==';
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n${key}\r\n\r\n`);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  await once(socket, 'close');
  return answer;
}

describe('the front door', () => {
  it('/api is the API’s, also where it has nothing', async () => {
    for (const path of ['/api', '/api/nothing', '/api/auth/me']) {
      const response = await fetch(server.url + path, { headers: { accept: 'text/html' } });
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    }
  });

  it('/socket answers health and readiness, and has no pages', async () => {
    const ready = await fetch(`${server.url}/socket/ready`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
    const nothing = await fetch(`${server.url}/socket/${crypto.randomUUID()}`, { headers: { accept: 'text/html' } });
    expect(nothing.status).toBe(404);
    expect(await nothing.json()).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('everything else is the web app’s, also what only begins alike', async () => {
    for (const path of ['/', '/apiary', '/socketry', '/d/1']) {
      const response = await fetch(server.url + path, { headers: { accept: 'text/html' } });
      expect([path, response.headers.get('content-type')]).toEqual([path, 'text/html; charset=utf-8']);
    }
  });

  it('an upgrade anywhere but below /socket is a 404 and a closed connection', async () => {
    for (const path of ['/', '/api/documents', '/socketry/1']) {
      expect(await upgrade(path)).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    }
  });

  it('the origins localhost, 127.0.0.1 and those configured may change things, others may not', async () => {
    const loopback = server.url.replace('localhost', '127.0.0.1');
    const register = async (origin: string) => {
      const body = JSON.stringify({
        email: `${crypto.randomUUID()}@example.com`,
        password: 'correct horse',
        name: 'Ana',
      });
      const headers = { origin, 'content-type': 'application/json' };
      return (await fetch(`${server.url}/api/auth/register`, { method: 'POST', headers, body })).status;
    };
    expect(await register(server.url)).toBe(201);
    expect(await register(loopback)).toBe(201);
    expect(await register('https://friend.example')).toBe(201);
    expect(await register('https://stranger.example')).toBe(403);
    expect(await register('http://localhost:1')).toBe(403);
  });
});
