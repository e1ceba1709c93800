// What a store may answer that is hard to bring about on a whole one: slowly, in part, not for certain.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ObjectStore } from '../object-store.ts';
import { openS3ObjectStore } from './index.ts';

// In ms: servers on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 30_000 });

/** In ms. */
const IDLE = 600;

let server: Server;
let objects: ObjectStore;
let answer: (request: IncomingMessage, response: ServerResponse) => unknown;

beforeEach(async () => {
  server = createServer((request, response) => {
    // Whoever asked may be gone.
    Promise.resolve(answer(request, response)).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  objects = openS3ObjectStore(
    {
      bucket: 'bucket',
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${address.port}`,
      forcePathStyle: true,
      credentials: { accessKeyId: 'somebody', secretAccessKey: 'something' },
    },
    { timeouts: { connect: 2_000, idle: IDLE } },
  );
});
afterEach(async () => {
  await objects.close();
  server.closeAllConnections();
  server.close();
});

describe('slowness is no silence', () => {
  const PAUSES = 8;

  it('an object that comes slowly is got, however long it takes', async () => {
    const large = new Uint8Array(PAUSES * 400_000).fill(7);
    answer = async (_request, response) => {
      response.writeHead(200, { 'content-length': large.length });
      for (let from = 0; from < large.length; from += large.length / PAUSES) {
        response.write(large.subarray(from, from + large.length / PAUSES));
        await setTimeout(IDLE / 4);
      }
      response.end();
    };
    const got = (await objects.get('large')) ?? new Uint8Array();
    expect(Buffer.compare(got, large)).toBe(0);
  });

  it('an object that is taken slowly is put, however long it takes', async () => {
    // Far more than the system takes off the client's hands: what lies there is silence to it.
    const large = new Uint8Array(PAUSES * 5_000_000);
    let taken = 0;
    answer = async (request, response) => {
      taken = 0;
      let pauses = 0;
      for await (const chunk of request) {
        taken += (chunk as Buffer).length;
        if (taken > ((pauses + 1) * large.length) / PAUSES && ++pauses > 0) await setTimeout(IDLE / 4);
      }
      response.end();
    };
    await objects.put('large', large);
    expect(taken).toBe(large.length);
  });
});

describe('a part is no object', () => {
  const large = new Uint8Array(3_000_000).fill(7);

  function begin(response: ServerResponse, then: () => void): void {
    response.writeHead(200, { 'content-length': large.length });
    response.write(large.subarray(0, 1_000_000), then);
  }

  it('an object that breaks off is asked for again', async () => {
    let asked = 0;
    answer = (_request, response) => {
      if (++asked < 3) begin(response, () => response.socket?.resetAndDestroy());
      else response.end(large);
    };
    const got = (await objects.get('large')) ?? new Uint8Array();
    expect(Buffer.compare(got, large)).toBe(0);
    expect(asked).toBe(3);
  });

  it('R3: one that never comes whole is an error', async () => {
    answer = (_request, response) => begin(response, () => response.socket?.end());
    await expect(objects.get('large')).rejects.toThrow('reading large in the bucket bucket failed');
  });

  it('R3: one that falls silent in the middle is an error', async () => {
    answer = (_request, response) => begin(response, () => {});
    await expect(objects.get('large')).rejects.toThrow('reading large in the bucket bucket failed');
  });

  it('R3: only NoSuchKey is an absence: not any 404, not an answer without a reason', async () => {
    answer = (_request, response) => fail(response, 404, 'NoSuchUpload');
    await expect(objects.get('a')).rejects.toThrow('404 NoSuchUpload');
    answer = (_request, response) => response.writeHead(404).end();
    await expect(objects.get('a')).rejects.toThrow('reading a in the bucket bucket failed: 404');
    answer = (_request, response) => fail(response, 404, 'NoSuchKey');
    expect(await objects.get('a')).toBeUndefined();
  });
});

describe('a put whose outcome is not certain', () => {
  let puts: IncomingMessage[];
  beforeEach(() => {
    puts = [];
  });

  /** Answers puts in turn, and whoever asks what lies there. */
  function script(
    onPuts: readonly ((response: ServerResponse) => void)[],
    onHead: (response: ServerResponse) => void,
  ): void {
    answer = async (request, response) => {
      await request.resume().toArray();
      if (request.method === 'PUT') onPuts[puts.push(request) - 1]?.(response);
      else onHead(response);
    };
  }
  const reset = (response: ServerResponse) => response.socket?.resetAndDestroy();
  const exists = (response: ServerResponse) => fail(response, 412, 'PreconditionFailed');
  const conflict = (response: ServerResponse) => fail(response, 409, 'ConditionalRequestConflict');
  const ours = (response: ServerResponse) =>
    response.setHeader('x-amz-meta-put', String(puts[0]?.headers['x-amz-meta-put'])).end();
  const theirs = (response: ServerResponse) => response.setHeader('x-amz-meta-put', 'theirs').end();
  const nothing = (response: ServerResponse) => response.writeHead(404).end();
  const broken = (response: ServerResponse) => fail(response, 500, 'InternalError');

  it('is written when what lies there is its own', async () => {
    script([reset, exists], ours);
    await objects.put('a', new Uint8Array(1));
    puts = [];
    script([reset, conflict], ours);
    await objects.put('a', new Uint8Array(1));
  });

  it("is a conflict when what lies there is another's", async () => {
    script([reset, exists], theirs);
    await expect(objects.put('a', new Uint8Array(1))).rejects.toThrow('object a exists: objects are never overwritten');
  });

  it('rejects, not as a conflict, while another change is under way', async () => {
    script([conflict], nothing);
    await expect(objects.put('a', new Uint8Array(1))).rejects.toThrow('failed: 409 ConditionalRequestConflict');
  });

  it('rejects with the reason why it is not certain when nobody says what lies there', async () => {
    script([reset, exists], broken);
    await expect(objects.put('a', new Uint8Array(1))).rejects.toThrow('writing a in the bucket bucket failed: 500');
  });
});

it('more objects than fit on a page are listed page by page', async () => {
  const pages = [['a/1', 'a/2'], ['a/3', 'a/4'], ['a/5']];
  const asked: (string | null)[] = [];
  answer = (request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://s3');
    const token = searchParams.get('continuation-token');
    const page = Number(token?.slice('page '.length) ?? 0);
    asked.push(searchParams.get('prefix'));
    const objects = pages[page]?.map(
      (key) => `<Contents><Key>${key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified></Contents>`,
    );
    const next = page + 1 < pages.length ? `<NextContinuationToken>page ${page + 1}</NextContinuationToken>` : '';
    response.end(`<?xml version="1.0"?><ListBucketResult>${next}${objects?.join('')}</ListBucketResult>`);
  };
  const listed = [];
  for await (const object of objects.list('a/')) listed.push(object);
  expect(listed.map(({ key }) => key)).toEqual(pages.flat());
  expect(listed[0]?.writtenAt).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
  expect(asked).toEqual(['a/', 'a/', 'a/']);
});

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>says the test</Message></Error>`);
}
