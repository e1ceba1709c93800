// The server is killed with kill -9 again and again while someone types.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DocumentId } from '@codesync/contract';
import { openPlatform, readConfig } from '@codesync/runtime';
import { readDocument, silentLogger } from '@codesync/storage';
import { afterEach, beforeEach, expect, it } from 'vitest';
import * as Y from 'yjs';
import { connectAckedClient } from '../src/acked-client.ts';
import { register } from '../src/person.ts';
import { startServerProcess } from '../src/server-process.ts';
import { connectStockClient, waitForText } from '../src/stock-client.ts';
import { readTrace } from '../src/traces.ts';
import { typeSession } from '../src/typist.ts';
import { until } from '../src/until.ts';

const ROUNDS = 20;
let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'codesync-kill-'));
});

afterEach(async () => {
  await rm(data, { recursive: true, force: true });
});

/** What the data folder of a dead server holds. */
async function readFromDisk(document: string): Promise<Y.Doc> {
  const platform = await openPlatform(readConfig('embedded', { CODESYNC_DATA: data }), silentLogger);
  try {
    const stored = await readDocument(DocumentId.parse(document), platform.log, platform.snapshots);
    const doc = new Y.Doc();
    if (stored.snapshot !== undefined) Y.applyUpdate(doc, stored.snapshot.state.update);
    for (const update of stored.tail.flatMap((entry) => entry.updates)) Y.applyUpdate(doc, update);
    return doc;
  } finally {
    await platform.close();
  }
}

it(`R1: ${ROUNDS} kills in the middle of rustcode lose nothing that was acknowledged, and the client finishes by itself`, async () => {
  const trace = readTrace('rustcode');
  let server = await startServerProcess({ data });
  const port = Number(new URL(server.url).port);
  const ana = await register(server.url, 'Ana');
  const { id } = await ana.createDocument({ title: 'main.rs' });
  const author = connectAckedClient({ url: server.url, document: id, token: ana.token });
  await author.synced();

  const seed = Number(process.env['CODESYNC_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const kills = killPoints(trace.txns.length, seed);
  await typeSession(author.text, trace.txns, async (index) => {
    if (!kills.has(index)) return;
    await server.kill();
    const [logged, durable] = [author.acked('logged'), author.acked('durable')];
    const onDisk = Y.getState((await readFromDisk(id)).store, author.doc.clientID);
    expect(onDisk, `logged edits after the kill at ${index}, seed ${seed}`).toBeGreaterThanOrEqual(logged);
    expect(onDisk, `durable edits after the kill at ${index}, seed ${seed}`).toBeGreaterThanOrEqual(durable);
    server = await startServerProcess({ data, port });
  });

  const everything = Y.getState(author.doc.store, author.doc.clientID);
  await until(() => expect(author.acked('durable')).toBe(everything));
  expect(author.text.toString() === trace.endContent, 'the author has the exact text').toBe(true);
  const late = connectStockClient({ url: server.url, document: id, token: ana.token });
  await waitForText(late.text, trace.endContent);
  expect((await ana.content(id)) === trace.endContent, 'the API has the exact text').toBe(true);
  late.close();
  author.close();
  expect(await server.stop()).toBe(0);
});

function killPoints(length: number, seed: number): ReadonlySet<number> {
  const points = new Set<number>();
  let state = seed;
  while (points.size < ROUNDS) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    points.add(state % length);
  }
  return points;
}
