// A cluster as tests use it: tasks over shared backends that can be killed, stopped, hung, started again and added.
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { startCluster, type Cluster, type TaskProcess } from '../src/index.ts';
import { register, type Person } from './person.ts';

let cluster: Cluster;
let ana: Person;

beforeAll(async () => {
  cluster = await startCluster();
  ana = await register(cluster.url);
});
afterAll(() => cluster.close());

const statusOf = async (url: string) => (await fetch(url)).status;

interface Listener {
  /** All that came, as text: enough to find what was typed in it. */
  received(): string;
  readonly closed: Promise<number>;
  readonly isOpen: boolean;
}

/** A socket at the front, or at one task, that says nothing but what a join needs. */
async function listen(document: string, at = cluster.url): Promise<Listener> {
  const socket = new WebSocket(`${at.replace('http', 'ws')}/socket/${document}?token=${ana.token}`);
  socket.binaryType = 'arraybuffer';
  let received = '';
  socket.addEventListener('message', ({ data }) => (received += Buffer.from(data as ArrayBuffer).toString('latin1')));
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener('close', ({ code }) => resolve(code));
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  // Sync step 1 of an empty document.
  socket.send(new Uint8Array([0, 0, 1, 0]));
  onTestFinished(() => socket.close());
  return {
    received: () => received,
    closed,
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
  };
}

const hears = (listener: Listener, text: string) =>
  vi.waitFor(() => expect(listener.received()).toContain(text), { timeout: 20_000 });

function tasks(list: readonly TaskProcess[]): [TaskProcess, TaskProcess] {
  const [one, two] = list;
  if (one === undefined || two === undefined) throw new Error('there are two of each');
  return [one, two];
}

it('what one task takes every other task has and tells', async () => {
  const [apiOne, apiTwo] = tasks(cluster.api);
  const [syncOne, syncTwo] = tasks(cluster.sync);
  const document = await ana.createDocument('at first');
  const listeners = [await listen(document, syncOne.url), await listen(document, syncTwo.url), await listen(document)];
  for (const listener of listeners) await hears(listener, 'at first');
  await ana.write(document, 'at first, and then', apiOne.url);
  for (const listener of listeners) await hears(listener, ', and then');
  expect(await ana.read(document, apiTwo.url)).toBe('at first, and then');
});

it('R1: kill -9 of a task leaves the others as they are, and the front goes around it', async () => {
  const [syncOne, syncTwo] = tasks(cluster.sync);
  const document = await ana.createDocument('before');
  const doomed = await listen(document, syncOne.url);
  const survivor = await listen(document, syncTwo.url);
  await hears(survivor, 'before');
  await syncOne.kill();
  expect([syncOne.running, await doomed.closed]).toEqual([false, 1006]);

  await ana.write(document, 'before and after');
  await hears(survivor, ' and after');
  expect(survivor.isOpen).toBe(true);
  for (let round = 0; round < 4; round++) await hears(await listen(document), ' and after');

  const { url } = syncOne;
  await syncOne.start();
  expect([syncOne.running, syncOne.url]).toEqual([true, url]);
  await hears(await listen(document, url), ' and after');
});

it('R20: a task that is stopped is no longer ready, closes its sockets with 1012, and ends with 0', async () => {
  const [syncOne, syncTwo] = tasks(cluster.sync);
  const document = await ana.createDocument('here');
  const leaving = await listen(document, syncOne.url);
  await hears(leaving, 'here');
  const stopped = syncOne.stop();
  await vi.waitFor(async () => expect(await statusOf(`${syncOne.url}/socket/ready`)).toBe(503), { interval: 5 });
  expect(await statusOf(`${syncOne.url}/socket/health`)).toBe(200);
  expect(await statusOf(`${syncTwo.url}/socket/ready`)).toBe(200);
  const late = await listen(document, syncOne.url);
  expect(await late.closed).toBe(1012);
  expect([await leaving.closed, await stopped, syncOne.running]).toEqual([1012, 0, false]);
  await syncOne.start();
});

it('R20: an api task goes on answering after it says that it is not ready', async () => {
  const [apiOne] = tasks(cluster.api);
  const document = await ana.createDocument('here');
  const stopped = apiOne.stop();
  await vi.waitFor(async () => expect(await statusOf(`${apiOne.url}/api/ready`)).toBe(503), { interval: 5 });
  expect(await ana.read(document, apiOne.url)).toBe('here');
  expect(await stopped).toBe(0);
  await apiOne.start();
});

it('a task that hangs gets nothing new, and is back when it goes on', async () => {
  const [apiOne, apiTwo] = tasks(cluster.api);
  apiOne.pause();
  // Until the front has noticed, it may still send there.
  await vi.waitFor(
    async () => {
      const signal = AbortSignal.timeout(500);
      for (let round = 0; round < 4; round++) await fetch(`${cluster.url}/api/ready`, { signal });
    },
    { timeout: 20_000 },
  );
  apiOne.resume();
  expect(await statusOf(`${apiOne.url}/api/ready`)).toBe(200);
  expect(await statusOf(`${apiTwo.url}/api/ready`)).toBe(200);
});

it('a task that is added takes its part', async () => {
  const added = await cluster.addSync();
  expect(cluster.sync.map(({ name }) => name)).toEqual(['sync-1', 'sync-2', 'sync-3']);
  const document = await ana.createDocument('here');
  await hears(await listen(document, added.url), 'here');
});

it('unknown paths of a task are a 404 in the API’s words, and an upgrade anywhere else is refused', async () => {
  const [{ url: api }] = tasks(cluster.api);
  const [{ url: sync }] = tasks(cluster.sync);
  for (const path of [`${api}/`, `${api}/api/nothing`, `${sync}/`, `${sync}/socket`, `${sync}/api/ready`]) {
    const response = await fetch(path);
    expect([path, response.status, response.headers.get('content-type')]).toEqual([
      path,
      404,
      'application/problem+json',
    ]);
  }
  const refused = new WebSocket(`${sync.replace('http', 'ws')}/elsewhere`);
  await new Promise((resolve) => refused.addEventListener('error', resolve));
});
