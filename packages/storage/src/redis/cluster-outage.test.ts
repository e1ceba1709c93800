// Redis Cluster while a primary is killed, and while a slot moves to another one: order is kept, listeners are told, nothing stays unheard.
import { startRedisCluster, type RedisCluster, type RedisServer } from '@codesync/backends';
import { newDocumentId, type DocumentId } from '@codesync/contract';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { appendTexts, documentsOf, readAll, text, textsOf } from '../contracts/log-reading.ts';
import { slotOf } from './channel-routes.ts';
import { logKeys } from './keys.ts';
import { follow } from './testing/follow.ts';
import { openTask, type Task } from './testing/open-task.ts';
import { untilWorks } from './testing/until-works.ts';

/** Milliseconds that a cluster may take to form. */
const STARTING = 60_000;

let cluster: RedisCluster;
let task: Task;
let admins: Map<RedisServer, Redis>;

beforeAll(async () => {
  cluster = await startRedisCluster({ replicas: 1 });
  admins = new Map(cluster.nodes.map((node) => [node, new Redis(node.port, node.host)]));
  for (const admin of admins.values()) admin.on('error', () => {});
}, STARTING);
afterAll(async () => {
  for (const admin of admins.values()) admin.disconnect();
  await cluster.stop();
});

beforeEach(async () => {
  const [node] = cluster.nodes;
  if (node === undefined) throw new Error('a cluster without nodes');
  task = await openTask({ host: node.host, port: node.port, cluster: true });
});
afterEach(() => task.close());

function adminOf(node: RedisServer): Redis {
  const admin = admins.get(node);
  if (admin === undefined) throw new Error('not a node of the cluster');
  return admin;
}

/** The primary that has the document's log. */
async function primaryOf(document: DocumentId): Promise<RedisServer> {
  const slot = slotOf(logKeys(document)[0]);
  for (const node of cluster.nodes) {
    const owned = await adminOf(node).cluster('SLOTS');
    for (const [from, to, owner] of owned) {
      if (from <= slot && slot <= to) return nodeAt(owner?.[1]);
    }
  }
  throw new Error(`nobody has slot ${slot}`);
}

function nodeAt(port: number | undefined): RedisServer {
  const node = cluster.nodes.find((candidate) => candidate.port === port);
  if (node === undefined) throw new Error(`no node at ${port}`);
  return node;
}

async function documentOn(primary: RedisServer): Promise<DocumentId> {
  for (;;) {
    const document = newDocumentId();
    if ((await primaryOf(document)) === primary) return document;
  }
}

/** In a slot that is empty: a server does not just give away one in which it holds keys, and documents share slots. */
async function documentAlone(): Promise<DocumentId> {
  for (;;) {
    const document = newDocumentId();
    const primary = adminOf(await primaryOf(document));
    if ((await primary.cluster('COUNTKEYSINSLOT', slotOf(logKeys(document)[0]))) === 0) return document;
  }
}

/** Each one until it is in the log, and only then the next, as a room does it (R2). */
async function appendStubbornly(document: DocumentId, texts: readonly string[]): Promise<void> {
  for (const value of texts) await untilWorks(() => task.log.append(document, [text(value)]));
}

/** What was tried more than once may be there more than once. */
const once = (texts: readonly string[]): string[] => [...new Set(texts)];

it('R2: while a slot moves to another primary every append works in the end, in order, and listeners stay informed', async () => {
  const document = newDocumentId();
  const source = await primaryOf(document);
  const target = await primaryOf(await documentOn(other(source)));
  const follower = await follow(task.log, document);
  const texts = Array.from({ length: 400 }, (_, index) => `${index}`);
  const appending = appendStubbornly(document, texts);
  await vi.waitFor(() => expect(follower.texts.length).toBeGreaterThan(20));

  const [from, to] = [adminOf(source), adminOf(target)];
  const slot = slotOf(logKeys(document)[0]);
  await to.cluster('SETSLOT', slot, 'IMPORTING', await from.cluster('MYID'));
  await from.cluster('SETSLOT', slot, 'MIGRATING', await to.cluster('MYID'));
  for (;;) {
    const keys = await from.cluster('GETKEYSINSLOT', slot, 10);
    if (keys.length === 0) break;
    // One by one: for a moment the stream is on one side, and what is known of it on the other.
    for (const key of keys) await from.migrate(target.host, target.port, key, 0, 5_000);
  }
  const owner = await to.cluster('MYID');
  for (const admin of [to, from]) await admin.cluster('SETSLOT', slot, 'NODE', owner);

  await appending;
  expect(await primaryOf(document)).toBe(target);
  const kept = textsOf(await readAll(task.log, document));
  expect(once(kept)).toEqual(texts);
  await vi.waitFor(() => expect(follower.texts).toEqual(kept), { timeout: 10_000 });
  expect(follower.losses).toBe(0);
  // It is heard where it is now, and not only read.
  const { misses } = follower;
  await appendTexts(task.log, document, ['after']);
  await vi.waitFor(() => expect(follower).toMatchObject({ misses, texts: [...kept, 'after'] }));
}, 30_000);

it('R5: a slot that leaves and comes back before anyone looks takes no listener with it', async () => {
  const document = await documentAlone();
  const source = await primaryOf(document);
  const follower = await follow(task.log, document);
  const slot = slotOf(logKeys(document)[0]);
  const owners = await Promise.all([other(source), source].map((node) => adminOf(node).cluster('MYID')));
  // The server unsubscribes whoever listens in a slot that it gives away.
  for (const owner of owners) await adminOf(source).cluster('SETSLOT', slot, 'NODE', owner);

  await vi.waitFor(() => expect(follower.misses).toBe(1), { timeout: 5_000 });
  await appendStubbornly(document, ['a']);
  await vi.waitFor(() => expect(follower).toMatchObject({ texts: ['a'], misses: 1 }));
}, 20_000);

it('R8: when a primary is killed its documents are refused, then go on at its replica; listeners are told', async () => {
  const [victim] = cluster.nodes;
  if (victim === undefined) throw new Error('a cluster without nodes');
  const document = await documentOn(victim);
  const neighbour = await documentOn(other(victim));
  const follower = await follow(task.log, document);
  const beside = await follow(task.log, neighbour);
  await appendTexts(task.log, document, ['a', 'b']);
  await appendTexts(task.log, neighbour, ['here']);
  // Until the replica has them: what it has not heard is lost, and that is told elsewhere.
  expect(await adminOf(victim).wait(1, 5_000)).toBe(1);
  await victim.kill();

  await expect(task.log.append(document, [text('refused')])).rejects.toThrow('cannot be reached');
  await expect(documentsOf(task.log)).rejects.toThrow('cannot be reached');
  await expect(task.log.check()).rejects.toThrow('cannot be reached');
  await appendStubbornly(document, ['c', 'd']);
  expect(once(textsOf(await readAll(task.log, document)))).toEqual(['a', 'b', 'c', 'd']);
  await vi.waitFor(() => expect(once(follower.texts)).toEqual(['a', 'b', 'c', 'd']), { timeout: 10_000 });
  expect(follower.misses).toBeGreaterThan(0);
  await untilWorks(() => task.log.append(neighbour, [text('there')]));
  await vi.waitFor(() => expect(beside.texts).toEqual(['here', 'there']));
  expect(await untilWorks(() => documentsOf(task.log))).toEqual(expect.arrayContaining([document, neighbour]));
  await untilWorks(() => task.log.check());

  await victim.start();
  await untilWorks(async () => expect(await adminOf(victim).info('replication')).toContain('master_link_status:up'));
  await appendStubbornly(document, ['e']);
  await vi.waitFor(() => expect(follower.texts.at(-1)).toBe('e'), { timeout: 10_000 });
}, 60_000);

/** Another primary than that one. */
function other(primary: RedisServer): RedisServer {
  const [first, second] = cluster.nodes;
  if (first === undefined || second === undefined) throw new Error('a cluster of one node');
  return primary === first ? second : first;
}
