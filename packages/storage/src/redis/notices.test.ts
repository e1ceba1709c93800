// Notices over Redis while connections and Redis break, and when something else is published on their channel.
import { startRedis, startTcpProxy, type RedisServer, type TcpProxy } from '@codesync/backends';
import { newDocumentId } from '@codesync/contract';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import type { Notice, Notices } from '../notices.ts';
import { createRedisNotices } from './notices.ts';
import { openRedis, type RedisConnection } from './open-redis.ts';
import { untilWorks } from './testing/until-works.ts';

const CHANNEL = 'codesync:{notices}';
const WITHIN = { timeout: 10_000 };

let server: RedisServer;
let proxy: TcpProxy;
let redis: RedisConnection;
let cut: RedisConnection;
let notices: Notices;
/** Another task's, which the proxy can cut off. */
let other: Notices;

beforeAll(async () => {
  server = await startRedis();
  proxy = await startTcpProxy(server);
  redis = openRedis(server);
  cut = openRedis(proxy, { commandTimeout: 500 });
});
afterAll(async () => {
  await Promise.all([redis.close(), cut.close()]);
  await proxy.stop();
  await server.stop();
});
beforeEach(async () => {
  notices = createRedisNotices(redis);
  other = createRedisNotices(cut);
  onTestFinished(async () => {
    await Promise.all([notices.close(), other.close()]);
  });
  await untilWorks(() => Promise.all([notices.check(), other.check()]));
});

const gone = (): Notice => ({ kind: 'document-gone', document: newDocumentId() });

interface Ear {
  readonly heard: readonly Notice[];
  /** How often it was told that it may have missed something. */
  readonly doubts: number;
}

function listen(to: Notices): Ear {
  const heard: Notice[] = [];
  let doubts = 0;
  to.subscribe(
    (notice) => heard.push(notice),
    () => {
      doubts += 1;
    },
  );
  return {
    heard,
    get doubts() {
      return doubts;
    },
  };
}

it('what is published together travels as one message', async () => {
  const messages: string[] = [];
  const unsubscribe = await redis.channels.subscribe(CHANNEL, (message) => messages.push(message.toString()));
  const { heard } = listen(other);
  const published = Array.from({ length: 20 }, gone);
  await Promise.all(published.map((notice) => notices.publish(notice)));
  await vi.waitFor(() => expect(heard).toEqual(published));
  expect(messages).toHaveLength(1);
  unsubscribe();
});

it('a task hears what it publishes at its very start', async () => {
  const early = createRedisNotices(redis);
  onTestFinished(() => early.close());
  const { heard } = listen(early);
  const notice = gone();
  await early.publish(notice);
  await vi.waitFor(() => expect(heard).toEqual([notice]));
});

it('R14: who was cut off is told that something may be missed when notices arrive again', async () => {
  const ear = listen(other);
  proxy.refuse(true);
  proxy.drop();
  await vi.waitFor(() => expect(other.check()).rejects.toThrow(), WITHIN);
  await expect(other.publish(gone())).rejects.toThrow('Redis');
  await notices.publish(gone());
  expect(ear.doubts).toBe(0);
  proxy.refuse(false);
  await vi.waitFor(() => expect(ear.doubts).toBeGreaterThan(0), WITHIN);
  const notice = gone();
  await untilWorks(() => notices.publish(notice));
  await vi.waitFor(() => expect(ear.heard).toContainEqual(notice));
  await untilWorks(() => other.publish(notice));
});

it('R14: also when only the connection that listens was lost', async () => {
  const ear = listen(other);
  proxy.drop((sent) => sent.includes('ssubscribe'));
  await vi.waitFor(() => expect(ear.doubts).toBeGreaterThan(0), WITHIN);
  const notice = gone();
  await other.publish(notice);
  await vi.waitFor(() => expect(ear.heard).toEqual([notice]));
});

it('a task that was started while Redis was away hears notices when it is there, and that it may have missed some', async () => {
  proxy.refuse(true);
  const late = openRedis(proxy, { commandTimeout: 200 });
  const deaf = createRedisNotices(late);
  onTestFinished(async () => {
    await deaf.close();
    await late.close();
  });
  const ear = listen(deaf);
  await expect(deaf.check()).rejects.toThrow();
  proxy.refuse(false);
  await untilWorks(() => deaf.check());
  expect(ear.doubts).toBe(1);
  const notice = gone();
  await notices.publish(notice);
  await vi.waitFor(() => expect(ear.heard).toEqual([notice]));
});

it('what is no notice is left out, and those beside it are heard', async () => {
  const warn = vi.fn<() => void>();
  const watched = createRedisNotices(redis, { logger: { debug() {}, info() {}, warn, error() {} } });
  onTestFinished(() => watched.close());
  await watched.check();
  const { heard } = listen(watched);
  const document = newDocumentId();
  const last = gone();
  for (const garbage of ['', 'x', '{}', '7', 'null', '[null,7,"x",[]]', '[{"kind":"a-later-one"}]']) {
    await redis.commands.spublish(CHANNEL, garbage);
  }
  const broken = [
    { kind: 'document-gone', document: document.toUpperCase() },
    { kind: 'access-changed', document },
    { kind: 'saved', document, cursor: '1' },
    { kind: 'saved', document, cursor: '1-1', previous: 'x' },
    { kind: 'session-ended', session: '' },
    { ...last, more: 'than there is' },
  ];
  await redis.commands.spublish(CHANNEL, JSON.stringify(broken));
  await vi.waitFor(() => expect(heard).toEqual([last]));
  expect(warn).toHaveBeenCalled();
});
