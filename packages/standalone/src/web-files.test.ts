import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWebFiles } from './web-files.ts';

const INDEX = '<!doctype html><title>CodeSync</title>';
const SCRIPT = 'export const answer = 42;\n'.repeat(100);

let folder = '';
let server: Server;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codesync-web-'));
  await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
  await mkdir(join(folder, 'dist', '.vite'));
  await writeFile(join(folder, 'secret.txt'), 'outside');
  await writeFile(join(folder, 'dist', 'index.html'), INDEX);
  await writeFile(join(folder, 'dist', 'icon.svg'), '<svg/>');
  await writeFile(join(folder, 'dist', '.vite', 'manifest.json'), '{}');
  await writeFile(join(folder, 'dist', 'assets', 'app-abc123.js'), SCRIPT);
  await writeFile(join(folder, 'dist', 'assets', 'app-abc123.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(folder, 'dist', 'assets', 'app-abc123.js.gz'), gzipSync(SCRIPT));
  server = createServer(await openWebFiles(join(folder, 'dist'))).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** With node:http, because fetch tidies paths and decodes bodies. */
async function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  const sent = request({ host: '127.0.0.1', port: address.port, path, headers, method }).end();
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
}

describe('openWebFiles', () => {
  it('a hashed file may be kept for a year; the page is asked for each time', async () => {
    const script = await get('/assets/app-abc123.js');
    expect(script.status).toBe(200);
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const page = await get('/');
    expect(page.body.toString()).toBe(INDEX);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['cache-control']).toBe('no-cache');
    expect((await get('/icon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip, deflate, br;q=0', 'gzip', gunzipSync],
    ['GZIP', 'gzip', gunzipSync],
    ['identity', undefined, (bytes: Buffer) => bytes],
    ['', undefined, (bytes: Buffer) => bytes],
  ])('to a browser that accepts %j it sends %s, and says so to caches', async (accepted, sent, decode) => {
    const { headers, body } = await get('/assets/app-abc123.js', { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe(sent);
    expect(headers.vary).toBe('accept-encoding');
    expect(Number(headers['content-length'])).toBe(body.length);
    expect(decode(body).toString()).toBe(SCRIPT);
  });

  it('who has it already is told so', async () => {
    const etag = String((await get('/')).headers.etag);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, headers, body } = await get('/', { 'if-none-match': known });
      expect([status, body.length]).toEqual([304, 0]);
      expect(headers.etag).toBe(etag);
      expect(headers['cache-control']).toBe('no-cache');
    }
    expect((await get('/', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('each encoding has its own tag', async () => {
    const plain = await get('/assets/app-abc123.js');
    const brotli = await get('/assets/app-abc123.js', { 'accept-encoding': 'br' });
    expect(plain.headers.etag).not.toBe(brotli.headers.etag);
  });

  it('every address of the app opens the app', async () => {
    for (const path of ['/d/4b7c', '/login', '/documents?q=x', '/join/abc/']) {
      const { status, headers, body } = await get(path, { accept: 'text/html,application/xhtml+xml' });
      expect([status, body.toString()]).toEqual([200, INDEX]);
      expect(headers['cache-control']).toBe('no-cache');
    }
  });

  it('what is missing is missing: HTML is never sent in place of a script or a picture', async () => {
    for (const [path, accept] of [
      ['/assets/gone-000000.js', '*/*'],
      ['/assets/gone', 'text/html'],
      ['/favicon.ico', 'image/avif,*/*'],
      ['/picture', 'image/avif,image/webp'],
    ] as const) {
      const { status, headers, body } = await get(path, { accept });
      expect(status).toBe(404);
      expect(headers['content-type']).toMatch(/^text\/plain/);
      expect(body.toString()).not.toContain('<');
    }
  });

  it('HEAD is told what GET would be, without the body', async () => {
    const { status, headers, body } = await get('/assets/app-abc123.js', {}, 'HEAD');
    expect([status, body.length]).toEqual([200, 0]);
    expect(headers['content-length']).toBe(String(SCRIPT.length));
  });

  it('nothing but GET and HEAD is allowed', async () => {
    const { status, headers } = await get('/', {}, 'POST');
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('nothing outside the folder, and nothing hidden in it, can be had', async () => {
    const paths = ['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2f..%2fsecret.txt', '//secret.txt', '/%'];
    for (const path of [
      ...paths,
      '/.vite/manifest.json',
      '/assets/app-abc123.js.br',
      '/__proto__.js',
      '/secret.txt%00',
    ]) {
      const { status, body } = await get(path, { accept: 'application/json' });
      expect([path, status]).toEqual([path, 404]);
      expect(body.toString()).not.toContain('outside');
    }
  });

  it('a page may run our scripts and no others, and nobody may frame it', async () => {
    const { headers } = await get('/');
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(headers['content-security-policy']).toContain("worker-src 'self';");
    expect(headers['content-security-policy']).toContain("connect-src 'self' ws: wss:;");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  });

  it('a folder without a built app is an error at the start', async () => {
    await expect(openWebFiles(join(folder, 'dist', 'assets'))).rejects.toThrow('holds no built web app');
  });
});
