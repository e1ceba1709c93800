// The socket from outside: stock clients of both majors, a viewer that forges, a frame that is not one.
import { CLOSE, MESSAGE, SYNC } from '@codesync/contract';
import * as encoding from 'lib0/encoding';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { startInstallation, type Installation } from '../src/installation.ts';
import { register, type Person } from '../src/person.ts';
import { connectStockClient, waitForText, type StockClient } from '../src/stock-client.ts';
import { until } from '../src/until.ts';

let server: Installation;
let ana: Person;
let ben: Person;
const clients: StockClient[] = [];

beforeAll(async () => {
  server = await startInstallation();
  ana = await register(server.url, 'Ana');
  ben = await register(server.url, 'Ben');
});

afterAll(async () => {
  await server?.remove();
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

function connect(person: Person, document: string, version: 2 | 3 = 3): StockClient {
  const client = connectStockClient({ url: server.url, document, token: person.token, version });
  clients.push(client);
  return client;
}

it.each([
  [3, 3],
  [2, 3],
  [2, 2],
] as const)('R9: y-websocket %i and %i edit one document, and neither prints an error', async (first, second) => {
  const printed = vi.spyOn(console, 'error');
  const { id } = await ana.createDocument();
  await ana.share(id, ben.email, 'editor');
  const [a, b] = [connect(ana, id, first), connect(ben, id, second)];
  await Promise.all([a.synced(), b.synced()]);
  a.text.insert(0, 'hello');
  await waitForText(b.text, 'hello');
  b.text.insert(5, ' world');
  await waitForText(a.text, 'hello world');
  await until(() => expect(othersOf(a)).toEqual(['Ben']));
  await until(() => expect(othersOf(b)).toEqual(['Ana']));
  expect(printed).not.toHaveBeenCalled();
  printed.mockRestore();
});

/** Names that a client sees of others: stock clients do not set their own, the server does (R12). */
function othersOf({ provider, doc }: StockClient): string[] {
  const states = [...provider.awareness.getStates()].filter(([client]) => client !== doc.clientID);
  return states.flatMap(([, state]) => (state['user'] as { name?: string } | undefined)?.name ?? []);
}

it("R13: a viewer's forged updates change nothing, for nobody, and the viewer keeps reading", async () => {
  const { id } = await ana.createDocument({ content: 'as it was' });
  await ana.share(id, ben.email, 'viewer');
  const [owner, viewer] = [connect(ana, id), connect(ben, id)];
  await Promise.all([owner.synced(), viewer.synced()]);
  viewer.text.insert(0, 'forged ');
  viewer.text.delete(10, 3);
  owner.text.insert(owner.text.length, ', and is');
  await until(() => expect(viewer.text.toString()).toContain(', and is'));
  expect(owner.text.toString()).toBe('as it was, and is');
  expect(await ana.content(id)).toBe('as it was, and is');
});

it('a malformed frame closes its own socket with 4400, and no other', async () => {
  const { id } = await ana.createDocument();
  const neighbour = connect(ana, id);
  await neighbour.synced();
  const malformed: (Uint8Array | string)[] = [
    'text',
    new Uint8Array(),
    new Uint8Array([MESSAGE.sync, 9]),
    new Uint8Array([MESSAGE.sync, SYNC.update, 5, 1, 2]),
    updateFrame(new Uint8Array([1, 255, 255, 255, 255, 255, 7, 3])),
  ];
  for (const frame of malformed) expect(await closeCodeAfter(id, frame), String(frame)).toBe(CLOSE.malformed);
  // Unknown numbers are not malformed: a later protocol may use them.
  expect(neighbour.provider.wsconnected).toBe(true);
  neighbour.text.insert(0, 'untouched');
  await until(async () => expect(await ana.content(id)).toBe('untouched'));
});

it('who may not come in is told by a close code after the upgrade', async () => {
  const { id } = await ana.createDocument();
  expect(await closeCode(id, ben.token)).toBe(CLOSE.noAccess);
  expect(await closeCode(id, 'not-a-token')).toBe(CLOSE.notSignedIn);
  expect(await closeCode(id, '')).toBe(CLOSE.notSignedIn);
  expect(await closeCode(crypto.randomUUID(), ana.token)).toBe(CLOSE.notFound);
  expect(await closeCode(id, ana.token, 'https://elsewhere.example')).toBe(CLOSE.noAccess);
});

it('R17: a message that is too large is refused with 4413, and what was there stays readable', async () => {
  const { id } = await ana.createDocument({ content: 'small' });
  const doc = new Y.Doc();
  doc.getText('content').insert(0, 'x'.repeat(17 * 1024 * 1024));
  expect(await closeCodeAfter(id, updateFrame(Y.encodeStateAsUpdate(doc)))).toBe(CLOSE.tooLarge);
  expect(await ana.content(id)).toBe('small');
});

it('R14: someone who is taken off the members is out at once', async () => {
  const { id } = await ana.createDocument();
  await ana.share(id, ben.email, 'editor');
  const socket = openSocket(id, ben.token);
  await new Promise((resolve) => socket.once('message', resolve));
  const closed = closing(socket);
  await ana.request('DELETE', `/documents/${id}/members/${ben.id}`);
  expect(await closed).toBe(CLOSE.noAccess);
});

it('R14: a document in the trash closes its sockets', async () => {
  const { id } = await ana.createDocument();
  const socket = openSocket(id, ana.token);
  await new Promise((resolve) => socket.once('message', resolve));
  const closed = closing(socket);
  await ana.request('DELETE', `/documents/${id}`);
  expect(await closed).toBe(CLOSE.notFound);
});

function openSocket(document: string, token: string, origin?: string): WebSocket {
  const address = `${server.url.replace('http', 'ws')}/socket/${document}?token=${encodeURIComponent(token)}`;
  return new WebSocket(address, origin === undefined ? {} : { origin });
}

function closing(socket: WebSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.once('close', resolve);
    socket.once('error', reject);
  });
}

function closeCode(document: string, token: string, origin?: string): Promise<number> {
  return closing(openSocket(document, token, origin));
}

async function closeCodeAfter(document: string, frame: Uint8Array | string): Promise<number> {
  const socket = openSocket(document, ana.token);
  socket.once('open', () => socket.send(frame));
  return closing(socket);
}

function updateFrame(update: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, MESSAGE.sync);
  encoding.writeVarUint(encoder, SYNC.update);
  encoding.writeVarUint8Array(encoder, update);
  return encoding.toUint8Array(encoder);
}
