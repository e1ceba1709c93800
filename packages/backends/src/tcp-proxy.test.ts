// What tests rely on: connections that break, fall silent and are refused, chosen by what their client sent.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let proxy: TcpProxy;
beforeEach(async () => {
  echo = await startEcho('');
  proxy = await startTcpProxy(addressOf(echo));
});
afterEach(async () => {
  await proxy.stop();
  echo.close();
});

interface Client {
  readonly socket: Socket;
  received(): string;
  /** How the connection ended. */
  readonly ended: Promise<string>;
  say(text: string): void;
}

/** Answers what it hears, after a name. */
async function startEcho(name: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write(name);
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function addressOf(server: Server): { host: string; port: number } {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { host: '127.0.0.1', port: address.port };
}

function open(): Client {
  const socket = connect(proxy.port, proxy.host);
  let received = '';
  let how = 'closed';
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    how = error.code ?? error.message;
  });
  const ended = once(socket, 'close').then(
    () => how,
    () => how,
  );
  return { socket, ended, received: () => received, say: (text) => void socket.write(text) };
}

async function hears(client: Client, text: string): Promise<void> {
  await vi.waitFor(() => expect(client.received()).toBe(text), { timeout: 5_000, interval: 5 });
}

async function openSaying(text: string): Promise<Client> {
  const client = open();
  client.say(text);
  await hears(client, text);
  return client;
}

it('passes on what both sides say, however much, and the end of it', async () => {
  const client = open();
  const much = 'x'.repeat(5_000_000);
  client.socket.end(much);
  expect(await client.ended).toBe('closed');
  expect(client.received()).toBe(much);
  await vi.waitFor(() => expect(proxy.connections).toBe(0));
});

it('new connections go to a new target, old ones stay', async () => {
  const old = await openSaying('old');
  const other = await startEcho('other:');
  proxy.target = addressOf(other);
  const client = open();
  await hears(client, 'other:');
  old.say('!');
  await hears(old, 'old!');
  expect(proxy.connections).toBe(2);
  await proxy.stop();
  other.close();
});

it('drops all connections, or those whose client said something', async () => {
  const subscriber = await openSaying('SUBSCRIBE');
  const writer = await openSaying('XADD');
  proxy.drop((sent) => sent.includes('SUBSCRIBE'));
  expect(await subscriber.ended).toBe('ECONNRESET');
  writer.say('!');
  await hears(writer, 'XADD!');
  proxy.drop();
  expect(await writer.ended).toBe('ECONNRESET');
  expect(proxy.connections).toBe(0);
});

it('a stalled connection is silent but stands; then everything that was said comes, in order', async () => {
  const client = await openSaying('a');
  proxy.stall();
  client.say('b');
  const late = open();
  late.say('1');
  await once(late.socket, 'connect');
  proxy.stall(() => false);
  // Goes the same way through the same event loop, later.
  await openSaying('meanwhile');
  client.say('c');
  expect([client.received(), late.received()]).toEqual(['a', '']);
  proxy.flow();
  await hears(client, 'abc');
  await hears(late, '1');
});

it('stalls those whose client says something, before that goes on, open or later', async () => {
  const open1 = await openSaying('HELLO');
  const other = await openSaying('HELLO');
  proxy.stall((sent) => sent.includes('SUBSCRIBE'));
  const later = open();
  open1.say(' SUBSCRIBE');
  later.say('SUBSCRIBE');
  other.say(' there');
  await hears(other, 'HELLO there');
  await openSaying('meanwhile');
  expect([open1.received(), later.received()]).toEqual(['HELLO', '']);
  proxy.flow();
  await hears(open1, 'HELLO SUBSCRIBE');
  await hears(later, 'SUBSCRIBE');
});

it('what came beyond the first 4 kB is not looked at', async () => {
  const client = await openSaying('x'.repeat(5_000));
  client.say('SUBSCRIBE');
  await hears(client, `${'x'.repeat(5_000)}SUBSCRIBE`);
  proxy.drop((sent) => sent.includes('SUBSCRIBE') || sent.length > 4_096);
  client.say('!');
  await vi.waitFor(() => expect(client.received()).toMatch(/!$/));
});

it('refuses new connections while it is told so; open ones stay', async () => {
  const old = await openSaying('old');
  proxy.refuse(true);
  expect(await open().ended).toBe('ECONNRESET');
  old.say('!');
  await hears(old, 'old!');
  proxy.refuse(false);
  await openSaying('new');
});

it('a target that is not there or goes away resets the connection', async () => {
  const client = await openSaying('a');
  const closed = new Promise((resolve) => echo.once('close', resolve));
  proxy.drop();
  await client.ended;
  echo.close();
  await closed;
  expect(await open().ended).toBe('ECONNRESET');
});

it('stops with connections open and stalled, twice without complaint, and frees its port', async () => {
  const client = await openSaying('a');
  proxy.stall();
  await proxy.stop();
  await proxy.stop();
  expect(await client.ended).toBe('ECONNRESET');
  expect(await open().ended).toBe('ECONNREFUSED');
});
