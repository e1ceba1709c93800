// People on different tasks: what they see of each other, what is promised to them, and what happens when a task dies or is told to stop.
import { CLOSE } from '@codesync/contract';
import { startCluster, type Cluster, type TaskProcess } from '@codesync/cluster';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import * as Y from 'yjs';
import { connectAckedClient } from '../src/acked-client.ts';
import { gatherCrowd } from '../src/crowd.ts';
import { register, type Person } from '../src/person.ts';
import { createRovingSocket } from '../src/roving-socket.ts';
import { connectStockClient, waitForText, type StockClient } from '../src/stock-client.ts';
import { readTrace, type SequentialTrace } from '../src/traces.ts';
import { typeSession } from '../src/typist.ts';
import { until } from '../src/until.ts';

/** Milliseconds over which a task that is told to stop sends its people away. */
const DRAIN_WINDOW = 4_000;

let cluster: Cluster;
let tasks: readonly TaskProcess[];
let ana: Person;
let ben: Person;
const clients: Pick<StockClient, 'close'>[] = [];

beforeAll(async () => {
  cluster = await startCluster({
    syncTasks: 3,
    apiTasks: 2,
    environment: { DRAIN_WINDOW_MS: String(DRAIN_WINDOW), LOG_LEVEL: 'warn' },
  });
  tasks = cluster.sync;
  ana = await register(cluster.url, 'Ana');
  ben = await register(cluster.url, 'Ben');
});

afterAll(() => cluster?.close());

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const task of tasks) if (!task.running) await task.start();
});

/** At this task first; comes back through the front. */
function connect(person: Person, document: string, task: number, version: 2 | 3 = 3): StockClient {
  const client = connectStockClient({ url: cluster.url, document, token: person.token, version, WebSocket: at(task) });
  clients.push(client);
  return client;
}

function at(task: number) {
  let connections = 0;
  return createRovingSocket(() => (connections++ === 0 ? taskAt(task).url : cluster.url));
}

function taskAt(index: number): TaskProcess {
  const task = tasks[index % tasks.length];
  if (task === undefined) throw new RangeError('there are no tasks');
  return task;
}

/** Yjs client ids that a client sees in the document, its own included. */
const seenBy = ({ provider }: StockClient) => new Set(provider.awareness.getStates().keys());
const idsOf = (present: readonly StockClient[]) => new Set(present.map(({ doc }) => doc.clientID));

it.each([
  [3, 3],
  [2, 3],
  [2, 2],
] as const)('R9: y-websocket %i and %i edit one document on different tasks, and see each other', async (one, two) => {
  const { id } = await ana.createDocument();
  await ana.share(id, ben.email, 'editor');
  const [a, b] = [connect(ana, id, 0, one), connect(ben, id, 1, two)];
  await Promise.all([a.synced(), b.synced()]);
  a.text.insert(0, 'hello');
  await waitForText(b.text, 'hello');
  b.text.insert(5, ' world');
  await waitForText(a.text, 'hello world');
  for (const client of [a, b]) await until(() => expect(seenBy(client)).toEqual(idsOf([a, b])));
  b.provider.awareness.setLocalStateField('selection', { anchor: 5, head: 11 });
  await until(() => {
    expect(a.provider.awareness.getStates().get(b.doc.clientID)).toMatchObject({
      user: { name: 'Ben' },
      selection: { anchor: 5, head: 11 },
    });
  });
});

it('R11: who joins sees everyone at once, whatever task they are on', async () => {
  const { id } = await ana.createDocument();
  const present = [connect(ana, id, 0), connect(ana, id, 1), connect(ana, id, 2)];
  for (const client of present) await until(() => expect(seenBy(client)).toEqual(idsOf(present)));
  for (const task of tasks.keys()) {
    const late = connect(ana, id, task);
    const seen = await new Promise<ReadonlySet<number>>((resolve) => {
      late.provider.on('sync', () => resolve(seenBy(late)));
    });
    expect(seen).toEqual(idsOf([...present, late]));
    present.push(late);
    for (const client of present) await until(() => expect(seenBy(client)).toEqual(idsOf(present)));
  }
});

it('R11: people of a task that died are gone everywhere within 10 s', async () => {
  const { id } = await ana.createDocument();
  const [doomed, b, c] = [connect(ana, id, 0), connect(ana, id, 1), connect(ana, id, 2)];
  for (const client of [b, c]) await until(() => expect(seenBy(client)).toEqual(idsOf([doomed, b, c])));
  // They do not come back, so nobody but the tasks can say that they have gone.
  doomed.provider.shouldConnect = false;
  await taskAt(0).kill();
  for (const client of [b, c]) await until(() => expect(seenBy(client)).toEqual(idsOf([b, c])), 10_000);
});

it('R1, R24: on whatever task they are, authors are told that their edits are logged and durable', async () => {
  const { id } = await ana.createDocument();
  const authors = tasks.map((_, index) =>
    connectAckedClient({ url: cluster.url, document: id, token: ana.token, WebSocket: at(index) }),
  );
  clients.push(...authors);
  await Promise.all(authors.map((author) => author.synced()));
  for (const [index, { text }] of authors.entries()) text.insert(0, `from task ${index}\n`);
  for (const author of authors) {
    const typed = Y.getState(author.doc.store, author.doc.clientID);
    await until(() => expect([author.acked('logged'), author.acked('durable')]).toEqual([typed, typed]));
  }
});

it('R1: rustcode, typed in turns by authors on three tasks that die one after the other, ends in exactly its text', async () => {
  const trace = readTrace('rustcode');
  const strokes = inBursts(trace.txns);
  const { id } = await ana.createDocument({ title: 'main.rs' });
  const authors = [connect(ana, id, 0, 3), connect(ana, id, 1, 2), connect(ana, id, 2, 3)];
  await Promise.all(authors.map((author) => author.synced()));

  let written = '';
  for (let turn = 0; turn * TURN < strokes.length; turn++) {
    const author = authors[turn % authors.length];
    if (author === undefined) throw new RangeError('there are no authors');
    await waitForText(author.text, written);
    await typeSession(author.text, strokes.slice(turn * TURN, (turn + 1) * TURN), (index) =>
      // In the middle of a turn: perhaps its author's task, perhaps another one.
      turn % 3 === 1 && index === TURN / 2 ? dieAndComeBack(taskAt(Math.floor(turn / 3))) : undefined,
    );
    written = author.text.toString();
  }
  for (const { text } of authors) await waitForText(text, trace.endContent);
  const late = connect(ana, id, 0);
  await waitForText(late.text, trace.endContent);
  expect((await ana.content(id)) === trace.endContent, 'the API has the exact text').toBe(true);
});

/** Strokes of one author before it is another one's turn. */
const TURN = 500;

/** What is typed within a moment travels as one update. */
function inBursts(txns: SequentialTrace['txns']): SequentialTrace['txns'] {
  const BURST = 4;
  return Array.from({ length: Math.ceil(txns.length / BURST) }, (_, index) => ({
    patches: txns.slice(index * BURST, (index + 1) * BURST).flatMap(({ patches }) => patches),
  }));
}

async function dieAndComeBack(task: TaskProcess): Promise<void> {
  await task.kill();
  await task.start();
}

it('R20: a task with 500 sockets stops: everyone is sent elsewhere over the window, and nobody loses an edit', async () => {
  const documents = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const { id } = await ana.createDocument();
      return id;
    }),
  );
  const leaving = taskAt(0);
  const crowd = gatherCrowd({ size: 500, documents, token: ana.token, first: leaving.url, later: cluster.url });
  clients.push(crowd);
  await until(() => expect(away(crowd.clients)).toBe(0), 60_000);
  crowd.typeWords(crowd.clients.length);

  const typing = setInterval(() => crowd.typeWords(10), 100);
  const exit = await leaving.stop();
  clearInterval(typing);
  expect(exit).toBe(0);
  await until(() => expect(away(crowd.clients)).toBe(0), 60_000);

  const first = crowd.clients.map(({ closes }) => closes[0]);
  expect(new Set(first.map((close) => close?.code))).toEqual(new Set([CLOSE.restarting]));
  expectSpread(first.map((close) => close?.at ?? 0));

  for (const document of documents) {
    const here = crowd.clients.filter((client) => client.document === document);
    await until(async () => {
      const content = await ana.content(document);
      expect(here.filter(({ text }) => text.toString() !== content).length).toBe(0);
      for (const { words } of here) for (const word of words) expect(content).toContain(word);
    }, 60_000);
  }
});

const away = (crowd: readonly StockClient[]) => crowd.filter(({ provider }) => !provider.synced).length;

/** Over most of the window, and in no quarter of it more than twice its share. */
function expectSpread(times: readonly number[]): void {
  const [first, last] = [Math.min(...times), Math.max(...times)];
  expect(last - first).toBeGreaterThan(DRAIN_WINDOW / 2);
  const quarters = [0, 0, 0, 0];
  for (const time of times) {
    const quarter = Math.min(3, Math.floor((4 * (time - first)) / (last - first)));
    quarters[quarter] = (quarters[quarter] ?? 0) + 1;
  }
  for (const count of quarters) expect(count).toBeLessThan(times.length / 2);
}
