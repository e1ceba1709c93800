// Who listens: the connection is dropped, stalled, too slow, or hears what is no entry. Nothing stays unheard.
import { startRedis, startTcpProxy, type RedisServer, type TcpProxy } from '@codesync/backends';
import { newDocumentId, type DocumentId } from '@codesync/contract';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { appendTexts, text } from '../contracts/log-reading.ts';
import { silentLogger, type Logger } from '../logger.ts';
import { logKeys } from './keys.ts';
import { follow } from './testing/follow.ts';
import { openTask, type Task } from './testing/open-task.ts';
import { untilWorks } from './testing/until-works.ts';

const CHANNEL = 'codesync:{s007}:test';

let server: RedisServer;
let proxy: TcpProxy;
let task: Task;
let document: DocumentId;
let warnings: string[];

/** The connection that listens. */
const listening = (sent: Buffer): boolean => sent.includes('codesync:channels');

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

beforeEach(async () => {
  document = newDocumentId();
  warnings = [];
  const logger: Logger = { ...silentLogger, warn: (_fields, message) => void warnings.push(message) };
  proxy = await startTcpProxy(server);
  task = await openTask(proxy, { logger });
});
afterEach(async () => {
  await task.close();
  await proxy.stop();
});

it('listeners of one channel share one subscription, and each hears until it unsubscribes', async () => {
  const { channels, commands } = task.redis;
  const heard: string[] = [];
  const first = await channels.subscribe(CHANNEL, (message) => heard.push(`first ${message.toString()}`));
  const second = await channels.subscribe(CHANNEL, (message) => heard.push(`second ${message.toString()}`));
  expect(await commands.spublish(CHANNEL, 'a')).toBe(1);
  await vi.waitFor(() => expect(heard).toEqual(['first a', 'second a']));
  first();
  first();
  expect(await commands.spublish(CHANNEL, 'b')).toBe(1);
  await vi.waitFor(() => expect(heard).toEqual(['first a', 'second a', 'second b']));
  second();
  await vi.waitFor(async () => expect(await commands.spublish(CHANNEL, 'c')).toBe(0));
});

it('a channel that is left and entered again in one turn is listened to', async () => {
  const { channels, commands } = task.redis;
  const heard: string[] = [];
  const leave = await channels.subscribe(CHANNEL, () => {});
  leave();
  const subscribing = channels.subscribe(CHANNEL, (message) => heard.push(message.toString()));
  const leaveAgain = await subscribing;
  await untilWorks(async () => expect(await commands.spublish(CHANNEL, 'a')).toBe(1));
  await vi.waitFor(() => expect(heard).toEqual(['a']));
  leaveAgain();
});

it('R5: the connection that listens is dropped while commands work: listeners are told, and nothing stays unheard', async () => {
  const follower = await follow(task.log, document);
  const texts = Array.from({ length: 300 }, (_, index) => `${index}`);
  for (const [index, value] of texts.entries()) {
    await task.log.append(document, [text(value)]);
    if (index === 100 || index === 200) proxy.drop(listening);
  }
  await vi.waitFor(() => expect(follower.texts).toEqual(texts), { timeout: 5_000 });
  await vi.waitFor(() => expect(follower.misses).toBeGreaterThan(0), { timeout: 5_000 });
  expect(follower.losses).toBe(0);
});

it('R5: the connection that listens falls silent: listeners are told within 10 s, and nothing stays unheard', async () => {
  const follower = await follow(task.log, document);
  await appendTexts(task.log, document, ['before']);
  await vi.waitFor(() => expect(follower.texts).toEqual(['before']));
  // The one that is open, and none that comes after it.
  let silencing = true;
  proxy.stall((sent) => silencing && listening(sent));
  silencing = false;
  await appendTexts(task.log, document, ['unheard', 'unheard too']);
  expect(follower.texts).toEqual(['before']);

  await vi.waitFor(() => expect(follower.texts).toEqual(['before', 'unheard', 'unheard too']), { timeout: 10_000 });
  expect(follower).toMatchObject({ misses: 1, losses: 0 });
  await appendTexts(task.log, document, ['after']);
  await vi.waitFor(() => expect(follower.texts.at(-1)).toBe('after'));
}, 20_000);

it('R16: who listens too slowly is cut off by Redis before much is kept for it, and is told', async () => {
  await task.redis.commands.config('SET', 'client-output-buffer-limit', 'pubsub 1mb 1mb 1');
  const follower = await follow(task.log, document);
  await appendTexts(task.log, document, ['before']);
  await vi.waitFor(() => expect(follower.texts).toEqual(['before']));
  proxy.stall(listening);
  const texts = Array.from({ length: 300 }, (_, index) => `${index}`.padEnd(60_000, 'x'));
  // More than the limit, and than the operating system keeps on the way.
  await Promise.all(texts.map((value) => task.log.append(document, [text(value)])));
  const clients = (): Promise<unknown> => task.redis.commands.client('LIST');
  await vi.waitFor(async () => expect(await clients()).not.toContain('codesync:channels'));
  proxy.flow();

  await vi.waitFor(() => expect(follower.texts).toEqual(['before', ...texts]), { timeout: 5_000 });
  expect(follower).toMatchObject({ losses: 0 });
  await vi.waitFor(() => expect(follower.misses).toBeGreaterThan(0));
});

it('R16: an entry too large to be pushed is announced, and read', async () => {
  const heard: unknown[] = [];
  const missed = vi.fn<() => void>();
  await task.log.subscribe(document, (entry) => heard.push(entry), missed);
  await task.log.append(document, [new Uint8Array(64 * 1024)]);
  await vi.waitFor(() => expect(missed).toHaveBeenCalledOnce());
  expect(heard).toEqual([]);
  await task.log.append(document, [new Uint8Array(63 * 1024)]);
  await vi.waitFor(() => expect(heard).toHaveLength(1));
  expect(missed).toHaveBeenCalledOnce();
});

it('what is published to a log’s channel and is no entry is logged once, and read over', async () => {
  const follower = await follow(task.log, document);
  const [channel] = logKeys(document);
  const garbage = [
    '',
    'garbage',
    'a b\nc',
    '1-1 0-0\n\u00ff',
    '01-1 0-0\n',
    'x'.repeat(100_000),
    Buffer.alloc(500, 255),
    '1-1\n',
  ];
  for (const message of garbage) await task.redis.commands.spublish(channel, message);
  await vi.waitFor(() => expect(follower.misses).toBe(garbage.length));
  expect(warnings).toEqual(['something else than an entry was published to the channel of an update log']);
  await appendTexts(task.log, document, ['a']);
  await vi.waitFor(() => expect(follower.texts).toEqual(['a']));
});
