// Real input: recorded editing sessions typed through stock clients, several authors at once.
import { TEXT_NAME } from '@codesync/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { startInstallation, type Installation } from '../src/installation.ts';
import { register, type Person } from '../src/person.ts';
import { connectStockClient, waitForText, type StockClient } from '../src/stock-client.ts';
import { authorUpdates, holds, readTrace } from '../src/traces.ts';
import { pause, typeSession } from '../src/typist.ts';
import { until } from '../src/until.ts';

let server: Installation;
let ana: Person;
const clients: StockClient[] = [];

beforeAll(async () => {
  server = await startInstallation();
  ana = await register(server.url, 'Ana');
});

afterAll(async () => {
  await server?.remove();
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

function connect(document: string, options: { version?: 2 | 3 } = {}): StockClient {
  const client = connectStockClient({ url: server.url, document, token: ana.token, ...options });
  clients.push(client);
  return client;
}

async function expectEverywhere(document: string, editors: readonly StockClient[], endContent: string): Promise<void> {
  for (const editor of editors) await waitForText(editor.text, endContent);
  const late = connect(document);
  await late.synced();
  expect(late.text.toString() === endContent, 'the late joiner has the exact text').toBe(true);
  expect((await ana.content(document)) === endContent, 'the API has the exact text').toBe(true);
}

describe('recorded sessions end in exactly their text for every client, a late joiner and the API', () => {
  it.each([
    { name: 'sveltecomponent', version: 2 },
    { name: 'rustcode', version: 3 },
  ] as const)('R9: $name, typed by one through y-websocket $version', async ({ name, version }) => {
    const trace = readTrace(name);
    const { id } = await ana.createDocument({ title: name });
    const [author, reader] = [connect(id, { version }), connect(id)];
    await Promise.all([author.synced(), reader.synced()]);
    await typeSession(author.text, trace.txns);
    await expectEverywhere(id, [author, reader], trace.endContent);
  });

  it('R9: clownschool, typed by its three authors at once', async () => {
    const trace = readTrace('clownschool.concurrent');
    const { id } = await ana.createDocument({ title: 'clownschool' });
    const authors = [connect(id), connect(id), connect(id)];
    await Promise.all(authors.map((author) => author.synced()));
    const updates = authorUpdates(trace, TEXT_NAME);

    await Promise.all(
      authors.map(async ({ doc }, agent) => {
        let typed = 0;
        for (const { needs, update } of updates.filter((each) => each.agent === agent)) {
          // What this author had read when typing this comes over the wire, from the others.
          if (!holds(doc, needs)) await until(() => expect(holds(doc, needs)).toBe(true), 60_000);
          Y.applyUpdate(doc, update, 'typing');
          if (++typed % 8 === 0) await pause();
        }
      }),
    );
    await expectEverywhere(id, authors, trace.endContent);
  });
});
