// What tests rely on: an S3 API with conditional puts and keys in order, and each of its faults.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { startS3, type S3Server } from './s3-server.ts';

// In ms: servers on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 30_000 });

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());
beforeEach(() => s3.fault('none'));

const urlOf = (server: S3Server, key: string) => `${server.endpoint}/${server.bucket}/${key}`;
const get = (key: string) => fetch(urlOf(s3, key));
const put = (key: string, body: string, headers: Record<string, string> = {}) =>
  fetch(urlOf(s3, key), { method: 'PUT', body, headers });
const putNew = (key: string, body: string) => put(key, body, { 'if-none-match': '*' });

it('what was put is got back, and what was not is NoSuchKey', async () => {
  expect((await put('a/b', 'text')).status).toBe(200);
  expect(await (await get('a/b')).text()).toBe('text');
  const missing = await get('a/c');
  expect(missing.status).toBe(404);
  expect(await missing.text()).toContain('<Code>NoSuchKey</Code>');
});

it('a put on condition that there is nothing is refused when there is something, and changes nothing', async () => {
  expect((await putNew('condition', 'first')).status).toBe(200);
  const refused = await putNew('condition', 'second');
  expect(refused.status).toBe(412);
  expect(await refused.text()).toContain('<Code>PreconditionFailed</Code>');
  expect(await (await get('condition')).text()).toBe('first');
  expect((await put('condition', 'without condition')).status).toBe(200);
});

it('of conditional puts at the same time one wins, whole', async () => {
  const bodies = Array.from({ length: 8 }, (_, index) => String(index).repeat(100_000));
  const statuses = await Promise.all(bodies.map(async (body) => (await putNew('race', body)).status));
  const winner = statuses.indexOf(200);
  expect(statuses.toSpliced(winner, 1)).toEqual(Array(7).fill(412));
  expect(await (await get('race')).text()).toBe(bodies[winner]);
});

it('an object whose sender went away in the middle is not there', async () => {
  const socket = connect(Number(new URL(s3.endpoint).port), '127.0.0.1');
  socket.write(
    `PUT /${s3.bucket}/half HTTP/1.1\r\nhost: s3\r\nx-amz-date: now\r\ncontent-length: 1000\r\n\r\nhalf of it`,
  );
  await new Promise((resolve) => socket.once('ready', resolve));
  // Answered after the half has come in: it is the same connection to the same event loop.
  await put('half-the-other', '');
  socket.destroy();
  await new Promise((resolve) => socket.once('close', resolve));
  expect((await get('half')).status).toBe(404);
});

it('keys are listed in the order of their characters, page by page, without missing any', async () => {
  const keys = ['l-b/1', 'l.b', 'l/1', 'l/10', 'l/2', 'l/b/1', 'l0', 'lb'];
  for (const key of keys.toReversed()) await put(key, key);
  const listed: string[] = [];
  let token: string | undefined;
  do {
    const next = token === undefined ? '' : `&continuation-token=${encodeURIComponent(token)}`;
    const page = await (await fetch(`${s3.endpoint}/${s3.bucket}?list-type=2&prefix=l&max-keys=3${next}`)).text();
    listed.push(...[...page.matchAll(/<Key>(.*?)<\/Key>/g)].map((match) => match[1] ?? ''));
    token = /<NextContinuationToken>(.*?)</.exec(page)?.[1];
  } while (token !== undefined);
  expect(listed).toEqual(keys);
});

it('looking for the bucket does not walk through it: readiness looks all the time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 's3-'));
  const server = await startS3({ folder });
  try {
    const bucket = `${server.endpoint}/${server.bucket}`;
    await fetch(`${bucket}/object`, { method: 'PUT', body: 'text' });
    // A walk through the bucket fails at this.
    await writeFile(join(folder, 'buckets', server.bucket, 'object._S3rver_metadata.json'), 'no JSON');
    expect((await fetch(`${bucket}?list-type=2`)).status).toBe(500);
    expect((await fetch(bucket, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${server.endpoint}/missing`, { method: 'HEAD' })).status).toBe(404);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
});

it('puts and removals beside each other all succeed', async () => {
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const key = `beside/deep/${index}`;
      await put(key, 'text');
      return (await fetch(urlOf(s3, key), { method: 'DELETE' })).status;
    }),
  );
  expect(new Set(statuses)).toEqual(new Set([204]));
});

it('error: 500 with its XML, and nothing is done', async () => {
  s3.fault('error');
  const answer = await put('error', 'text');
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain('<Code>InternalError</Code>');
  s3.fault('none');
  expect((await get('error')).status).toBe(404);
});

it('error, for as many requests as said', async () => {
  await put('twice', 'text');
  s3.fault('error', 2);
  const statuses = [(await get('twice')).status, (await get('twice')).status, (await get('twice')).status];
  expect(statuses).toEqual([500, 500, 200]);
});

it('slow: answered, after others that came later', async () => {
  await put('slow', 'text');
  s3.fault('slow', 1);
  const order: string[] = [];
  const slow = get('slow').then(async (response) => order.push(await response.text()));
  await vi.waitFor(async () => {
    await get('slow');
    order.push('others');
  });
  await slow;
  expect(order).toEqual(['others', 'text']);
});

it('hang: no answer, while others are answered, until the connection is reset', async () => {
  s3.fault('hang', 1);
  const both = [get('hang'), get('hang')];
  expect((await Promise.race(both)).status).toBe(404);
  s3.fault('down');
  const results = await Promise.allSettled(both);
  expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

it('lost: done, but the connection is reset', async () => {
  s3.fault('lost', 1);
  await expect(put('lost', 'text')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  s3.fault('lost', 1);
  await expect(get('lost')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  expect(await (await get('lost')).text()).toBe('text');
});

it('down: connections are reset, also open ones, until it is up again', async () => {
  await put('down', 'text');
  s3.fault('down');
  await expect(get('down')).rejects.toThrow('fetch failed');
  s3.fault('none');
  expect((await get('down')).status).toBe(200);
});

it('with a folder objects outlive the server; nothing unfinished stays', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'codesync-s3-test-'));
  try {
    const first = await startS3({ folder });
    await fetch(urlOf(first, 'a'), { method: 'PUT', body: 'text' });
    await first.stop();
    await first.stop();
    const second = await startS3({ folder });
    expect(await (await fetch(urlOf(second, 'a'))).text()).toBe('text');
    await second.stop();
    expect(await readdir(join(folder, 'unfinished'))).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('a port that was asked for and is taken is said so', async () => {
  await expect(startS3({ port: Number(new URL(s3.endpoint).port) })).rejects.toThrow('EADDRINUSE');
});
