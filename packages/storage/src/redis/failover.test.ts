// R7: the address leads to another server, which has not heard the last entries. Whoever looks must be able to tell.
import { freePort, startRedis, startTcpProxy, type RedisServer, type TcpProxy } from '@codesync/backends';
import { newDocumentId, type DocumentId } from '@codesync/contract';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { appendTexts, cursorsOf, readAll, text, textsOf } from '../contracts/log-reading.ts';
import { compareCursors, START } from '../cursor.ts';
import { silentLogger, type Logger } from '../logger.ts';
import type { UpdateLog } from '../update-log.ts';
import { logKeys } from './keys.ts';
import { follow } from './testing/follow.ts';
import { openTask, type Task } from './testing/open-task.ts';
import { untilWorks } from './testing/until-works.ts';

/** In ms: what has to be waited for is the same, and the tests are short. */
const commandTimeout = 500;

let primary: RedisServer;
let replica: RedisServer;
let proxy: TcpProxy;
let task: Task;
let log: UpdateLog;
let document: DocumentId;
let warnings: string[];
const admins: Redis[] = [];

beforeEach(async () => {
  primary = await startRedis();
  replica = await startRedis({ replicaOf: primary });
  proxy = await startTcpProxy(primary);
  warnings = [];
  const logger: Logger = { ...silentLogger, warn: (_fields, message) => void warnings.push(message) };
  task = await openTask(proxy, { commandTimeout, logger });
  log = task.log;
  document = newDocumentId();
});
afterEach(async () => {
  await task.close();
  for (const redis of admins.splice(0)) redis.disconnect();
  await proxy.stop();
  await Promise.all([primary.stop(), replica.stop()]);
});

function admin(server: RedisServer): Redis {
  const redis = new Redis(server.port, server.host);
  admins.push(redis);
  return redis;
}

/** The replica goes its own way from here: it has what was appended until now, and hears nothing more. */
async function partReplica(): Promise<void> {
  const { last } = await log.read(document, START);
  const redis = admin(replica);
  await untilWorks(async () => expect(await redis.hget(logKeys(document)[1], 'last')).toBe(last));
  await redis.replicaof('NO', 'ONE');
}

it('R7: what a replica missed is missing, no cursor is given again, and a reader at a lost place can tell', async () => {
  const follower = await follow(log, document);
  const kept = await appendTexts(log, document, ['a', 'b']);
  await partReplica();
  const lost = await appendTexts(log, document, ['lost', 'lost too']);
  await vi.waitFor(() => expect(follower.texts).toEqual(['a', 'b', 'lost', 'lost too']));

  proxy.target = replica;
  await primary.kill();
  const place = lost[1]?.cursor ?? START;
  const atLostPlace = await untilWorks(() => log.read(document, place));
  expect(atLostPlace.last).toBe(kept[1]?.cursor);
  expect(atLostPlace.entries).toEqual([]);

  const added = await appendTexts(log, document, ['c', 'd']);
  expect(added[0]?.previous).toBe(kept[1]?.cursor);
  expect(new Set(cursorsOf([...kept, ...lost, ...added])).size).toBe(6);
  const [first] = (await log.read(document, place)).entries;
  expect(first?.previous).not.toBe(place);
  await vi.waitFor(() => expect(follower.texts).toEqual(['a', 'b', 'c', 'd']), { timeout: 5_000 });
  expect(follower.losses).toBeGreaterThan(0);

  // A snapshot that ends at the lost place trims nothing of what came since.
  await log.trim(document, place);
  expect(textsOf(await readAll(log, document))).toEqual(['a', 'b', 'c', 'd']);
});

it('R7: also a server whose clock is behind the lost entries gives none of their cursors again', async () => {
  const [stream, meta] = logKeys(document);
  // As if a server whose clock was ahead had given this one.
  const ahead = `${Date.now() + 1_000_000}-5`;
  await admin(primary).xadd(stream, ahead, 'p', START, 'u', Buffer.of(1, 97));
  await admin(primary).hset(meta, 'last', ahead);
  await partReplica();
  const lost = await appendTexts(log, document, ['x', 'x', 'x']);
  proxy.target = replica;
  proxy.drop();
  const added = await untilWorks(() => appendTexts(log, document, ['y', 'y', 'y']));

  const milliseconds = [lost, added].map((positions) => cursorsOf(positions).map((cursor) => cursor.split('-')[0]));
  expect(milliseconds[0]).toEqual(milliseconds[1]);
  expect(new Set(cursorsOf([...lost, ...added])).size).toBe(6);
  expect(lost.every(({ cursor }) => compareCursors(cursor, START) > 0)).toBe(true);
});

it('R7: connections that still lead to the primary of before, a replica now, are given up, also when only listened to', async () => {
  const follower = await follow(log, document);
  await appendTexts(log, document, ['a']);
  await partReplica();
  proxy.target = replica;
  // A replica of nobody: it does not hand on what is published at the new primary.
  await admin(primary).replicaof('127.0.0.1', await freePort());

  const writer = await openTask(replica);
  await appendTexts(writer.log, document, ['b']);
  await vi.waitFor(() => expect(follower.texts).toEqual(['a', 'b']), { timeout: 5_000 });
  const { misses } = follower;
  await appendTexts(writer.log, document, ['c']);
  await vi.waitFor(() => expect(follower).toMatchObject({ texts: ['a', 'b', 'c'], misses }));
  expect(warnings).toEqual(['a connection to Redis failed']);
  await log.append(document, [text('d')]);
  expect(textsOf(await readAll(writer.log, document))).toEqual(['a', 'b', 'c', 'd']);
  await writer.close();
});

it('R7: who listens at a primary of before that does not know it yet is led to the new one', async () => {
  const follower = await follow(log, document);
  await appendTexts(log, document, ['a']);
  await partReplica();
  proxy.target = replica;
  // Only the commands are led on: the connection that listens stays where nothing is appended any more.
  proxy.drop((sent) => sent.includes('codesync:commands'));

  await untilWorks(() => log.append(document, [text('b')]));
  await vi.waitFor(() => expect(follower.texts).toEqual(['a', 'b']), { timeout: 5_000 });
  // It hears again, and does not only read again and again.
  const { misses } = follower;
  await appendTexts(log, document, ['c']);
  await vi.waitFor(() => expect(follower).toMatchObject({ texts: ['a', 'b', 'c'], misses }));
});
