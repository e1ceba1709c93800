// The front alone, before tasks that are servers of this test: who gets what, and what happens when one of them fails.
import { once } from 'node:events';
import {
  createServer,
  request as sendRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBalancer, type Balancer } from '../src/balancer.ts';
import { createFront } from '../src/front.ts';
import type { TaskProcess } from '../src/task-process.ts';

let balancer: Balancer;
let front: Server;
let url: string;
const servers: Server[] = [];

const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function listening(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${portOf(server)}`;
}

beforeEach(async () => {
  balancer = createBalancer();
  const { request, upgrade } = createFront({ balancer, web: (_, response) => void response.end('web') });
  front = createServer(request).on('upgrade', upgrade);
  url = await listening(front);
});

afterEach(() => {
  balancer.close();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

interface FakeTask {
  readonly task: TaskProcess;
  readonly server: Server;
  /** Requests that it was sent, without those for its readiness. */
  readonly asked: IncomingMessage[];
  ready: boolean;
}

/** Answers with its name unless `answer` does something else. */
async function addTask(name: string, kind: 'api' | 'sync', answer?: RequestListener): Promise<FakeTask> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/ready') === true) {
      response.writeHead(fake.ready ? 200 : 503).end();
      return;
    }
    asked.push(request);
    if (answer === undefined) response.end(name);
    else answer(request, response);
  });
  const state = { name, kind, url: await listening(server), running: true, leaving: false };
  const fake = { task: state as unknown as TaskProcess, server, asked, ready: true };
  balancer.add(fake.task);
  return fake;
}

const ask = async (path = '/api/x', init: RequestInit = {}) => (await fetch(url + path, init)).text();

async function askMany(count: number, path?: string): Promise<Set<string>> {
  return new Set(await Promise.all(Array.from({ length: count }, () => ask(path))));
}

/** A task that does not listen any more; the front has not noticed yet. */
async function stopListening({ server }: FakeTask): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

describe('requests', () => {
  it('of /api go to the api tasks in turn, of /socket to the sync tasks, all else to the web app', async () => {
    for (const name of ['api-1', 'api-2']) await addTask(name, 'api');
    for (const name of ['sync-1', 'sync-2']) await addTask(name, 'sync');
    expect(await askMany(4)).toEqual(new Set(['api-1', 'api-2']));
    expect(await askMany(4, '/socket/health')).toEqual(new Set(['sync-1', 'sync-2']));
    expect(await askMany(4, '/apiary')).toEqual(new Set(['web']));
    expect(await ask('/')).toBe('web');
  });

  it('arrive as they were sent, and say for whom they are', async () => {
    const { asked } = await addTask('api-1', 'api', (request, response) => {
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.statusCode = 201;
      void text(request).then((body) => response.end(`${request.method} ${request.url} ${body}`));
    });
    const response = await fetch(`${url}/api/x%20y?q=1`, {
      method: 'PUT',
      body: 'text',
      headers: { 'content-type': 'text/plain', 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' },
    });
    expect([response.status, await response.text()]).toEqual([201, 'PUT /api/x%20y?q=1 text']);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(asked[0]?.headers).toMatchObject({
      host: new URL(url).host,
      'content-type': 'text/plain',
      'content-length': '4',
      'x-forwarded-for': '203.0.113.9, 127.0.0.1',
      'x-forwarded-proto': 'http',
    });
  });

  it('of any size go through, both ways', async () => {
    await addTask('api-1', 'api', (request, response) => void request.pipe(response));
    const body = 'x'.repeat(10_000_000);
    expect((await ask('/api/x', { method: 'PUT', body })) === body).toBe(true);
  });

  it('go around a task that does not listen, whatever they are, and no client hears of it', async () => {
    const dead = await addTask('api-1', 'api');
    await addTask('api-2', 'api');
    await stopListening(dead);
    for (let round = 0; round < 4; round++) {
      expect(await ask('/api/x', { method: 'POST', body: 'once' })).toBe('api-2');
    }
  });

  it('are repeated when a task dies over one that only reads, and never when it may have changed something', async () => {
    const die: RequestListener = (request) => void request.socket.destroy();
    const dying = [await addTask('api-1', 'api', die), await addTask('api-2', 'api', die)];
    const countOf = (method: string) =>
      dying.flatMap(({ asked }) => asked).filter((each) => each.method === method).length;
    expect((await fetch(`${url}/api/x`, { method: 'POST', body: 'once' })).status).toBe(503);
    expect(countOf('POST')).toBe(1);
    expect((await fetch(`${url}/api/x`)).status).toBe(503);
    expect(countOf('GET')).toBe(2);
    await addTask('api-3', 'api');
    for (let round = 0; round < 3; round++) expect(await ask()).toBe('api-3');
  });

  it('go to no task that says that it is not ready, unless all say so', async () => {
    const [one, two] = [await addTask('api-1', 'api'), await addTask('api-2', 'api')];
    one.ready = false;
    await vi.waitFor(async () => expect(await askMany(4)).toEqual(new Set(['api-2'])), { timeout: 5000 });
    two.ready = false;
    await vi.waitFor(async () => expect(await askMany(4)).toEqual(new Set(['api-1', 'api-2'])), { timeout: 5000 });
    one.ready = true;
    await vi.waitFor(async () => expect(await askMany(4)).toEqual(new Set(['api-1'])), { timeout: 5000 });
  });

  it('without a task are a 503 in the API’s words', async () => {
    const response = await fetch(`${url}/api/documents`);
    expect([response.status, response.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    expect(await response.json()).toMatchObject({ status: 503, code: 'unavailable' });
  });

  it('whose answer breaks off break off for the client too', async () => {
    await addTask('api-1', 'api', (request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('half', () => request.socket.destroy());
    });
    await expect(ask()).rejects.toThrow();
  });

  it('end at the task when their client goes', async () => {
    const { asked } = await addTask('api-1', 'api', () => {});
    const sent = sendRequest(`${url}/api/x`).end();
    sent.on('error', () => {});
    await vi.waitFor(() => expect(asked).toHaveLength(1));
    sent.destroy();
    await vi.waitFor(() => expect(asked[0]?.socket.destroyed).toBe(true));
    expect(asked).toHaveLength(1);
  });
});

describe('sockets', () => {
  const UPGRADE =
    'GET /socket/x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Odd-Name: kept\r\n\r\n';

  /** A sync task that takes every upgrade, and what it was given. */
  async function addSocketTask(name: string): Promise<FakeTask & { sockets: Socket[]; heads: IncomingMessage[] }> {
    const fake = await addTask(name, 'sync');
    const sockets: Socket[] = [];
    const heads: IncomingMessage[] = [];
    fake.server.on('upgrade', (request, socket: Socket, head: Buffer) => {
      heads.push(request);
      sockets.push(socket);
      socket.on('error', () => {});
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${name}\n`);
      socket.write(head);
      socket.pipe(socket);
    });
    return Object.assign(fake, { sockets, heads });
  }

  function open(): Socket {
    const socket = connect(portOf(front), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(UPGRADE);
    return socket;
  }

  async function firstWords(socket: Socket): Promise<string> {
    const [chunk] = await once(socket, 'data');
    return String(chunk);
  }

  it('go to the sync tasks in turn, as they were asked for, and say for whom they are', async () => {
    const tasks = [await addSocketTask('sync-1'), await addSocketTask('sync-2')];
    const answers = await Promise.all([firstWords(open()), firstWords(open())]);
    expect(new Set(answers.map((answer) => /sync-\d/.exec(answer)?.[0]))).toEqual(new Set(['sync-1', 'sync-2']));
    expect(answers[0]).toMatch(/^HTTP\/1.1 101 Switching Protocols\r\n/);
    const [head] = tasks[0]?.heads ?? [];
    expect(head?.rawHeaders).toContain('X-Odd-Name');
    expect(head?.headers).toMatchObject({ upgrade: 'websocket', 'x-forwarded-for': '127.0.0.1' });
  });

  it('carry bytes both ways, also those that came with the question, as fast as the other side reads', async () => {
    await addSocketTask('sync-1');
    const socket = connect(portOf(front), '127.0.0.1');
    const size = 20_000_000;
    socket.write(Buffer.concat([Buffer.from(UPGRADE), Buffer.alloc(size, 'x')]));
    let received = 0;
    for await (const chunk of socket) {
      received += String(chunk).split('x').length - 1;
      if (received === size) break;
    }
    expect(received).toBe(size);
  });

  it('end at both sides when one ends, and break when one breaks', async () => {
    const { sockets } = await addSocketTask('sync-1');
    const ending = open();
    await firstWords(ending);
    ending.end();
    await once(sockets[0] ?? ending, 'close');

    const ended = open();
    await firstWords(ended);
    sockets[1]?.end('bye');
    expect(await firstWords(ended)).toBe('bye');
    await once(ended, 'close');

    const broken = open();
    await firstWords(broken);
    sockets[2]?.resetAndDestroy();
    await once(broken, 'close');
  });

  it('go around a task that does not listen', async () => {
    const dead = await addSocketTask('sync-1');
    await addSocketTask('sync-2');
    await stopListening(dead);
    for (let round = 0; round < 3; round++) expect(await firstWords(open())).toContain('sync-2');
  });

  it('without a task are refused by HTTP', async () => {
    expect(await firstWords(open())).toMatch(/^HTTP\/1.1 503 /);
  });
});
