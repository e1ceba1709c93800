// The update log while its server is killed, restarted, stopped, read only, out of memory, or has forgotten its scripts.
import { startRedis, type RedisServer } from '@codesync/backends';
import { newDocumentId, type DocumentId } from '@codesync/contract';
import { Redis } from 'ioredis';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appendTexts, documentsOf, readAll, text, textsOf } from '../contracts/log-reading.ts';
import { START } from '../cursor.ts';
import type { UpdateLog } from '../update-log.ts';
import { follow } from './testing/follow.ts';
import { openTask, type Task } from './testing/open-task.ts';
import { untilWorks } from './testing/until-works.ts';

/** In ms: what has to be waited for is the same, and the tests are short. */
const commandTimeout = 500;

let server: RedisServer;
let task: Task;
let log: UpdateLog;
let document: DocumentId;

async function begin(options: Parameters<typeof startRedis>[0] = {}): Promise<void> {
  server = await startRedis(options);
  task = await openTask(server, { commandTimeout });
  log = task.log;
}

beforeEach(() => {
  document = newDocumentId();
});
afterEach(async () => {
  await task.close();
  await server.stop();
});

/** Each one until it is in the log, and only then the next, as a room does it (R2). */
async function appendStubbornly(texts: readonly string[]): Promise<void> {
  for (const value of texts) await untilWorks(() => log.append(document, [text(value)]));
}

/** What was tried more than once may be there more than once. */
const once = (texts: readonly string[]): string[] => [...new Set(texts)];

describe('a server that ends', () => {
  it('R8: killed and restarted without its data, appends reject at once until it is back, and listeners are told', async () => {
    await begin();
    const follower = await follow(log, document);
    await appendTexts(log, document, ['lost']);
    await vi.waitFor(() => expect(follower.texts).toEqual(['lost']));

    await server.kill();
    await expect(log.append(document, [text('refused')])).rejects.toThrow('Redis cannot be reached');
    await expect(log.read(document, START)).rejects.toThrow('Redis cannot be reached');
    await expect(log.check()).rejects.toThrow('Redis cannot be reached');
    await expect(documentsOf(log)).rejects.toThrow();
    await server.start();

    expect(await untilWorks(() => log.read(document, START))).toMatchObject({ entries: [], last: START });
    await vi.waitFor(() => expect(follower.misses).toBeGreaterThan(0), { timeout: 5_000 });
    await vi.waitFor(() => expect(follower).toMatchObject({ losses: 1, texts: [] }));
    expect((await log.append(document, [text('new')])).previous).toBe(START);
    await vi.waitFor(() => expect(follower.texts).toEqual(['new']));
  });

  it('R1: killed and restarted with its append-only file, it has lost nothing that was acked', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'codesync-aof-'));
    try {
      await begin({ folder });
      const follower = await follow(log, document);
      const acked: string[] = [];
      const appending = (async () => {
        for (let index = 0; ; index++) {
          await log.append(document, [text(`${index}`)]);
          acked.push(`${index}`);
        }
      })().catch(String);
      await vi.waitFor(() => expect(acked.length).toBeGreaterThan(50));
      await server.kill();
      expect(await appending).toContain('Redis cannot be reached');
      await server.start();

      const { entries, last } = await untilWorks(() => log.read(document, START));
      expect(textsOf(entries).slice(0, acked.length)).toEqual(acked);
      const { previous } = await log.append(document, [text('after')]);
      expect(previous).toBe(last);
      await vi.waitFor(() => expect(follower.texts).toEqual([...textsOf(entries), 'after']), { timeout: 5_000 });
      expect(follower.losses).toBe(0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('while it reads its data appends reject; afterwards everything is there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'codesync-aof-'));
    try {
      // Microseconds for each command that is read again: about two seconds for all.
      await begin({ folder, settings: { 'key-load-delay': '250' } });
      const texts = Array.from({ length: 5_000 }, (_, index) => `${index}`);
      await Promise.all(texts.map((value) => log.append(document, [text(value)])));
      await server.kill();
      let started = false;
      const starting = server.start().then(() => {
        started = true;
      });
      // Before it is ready, what a server answers while it reads is let through.
      const info = await untilWorks(() => task.redis.commands.info('persistence'));
      const refused = await log.append(document, [text('refused')]).catch(String);
      expect(info).toContain('loading:1');
      expect({ refused, started }).toEqual({ refused: 'Error: Redis cannot be reached', started: false });
      await starting;
      expect(await untilWorks(async () => textsOf(await readAll(log, document)))).toEqual(texts);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('a server that goes on', () => {
  it('R2: stopped for a while, appends reject in time, and what is tried again then is in order', async () => {
    await begin();
    const follower = await follow(log, document);
    await appendTexts(log, document, ['before']);
    server.pause();
    const stopped = performance.now();
    const appending = appendStubbornly(['a', 'b', 'c', 'd']);
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => log.append(newDocumentId(), [text(`${index}`)])),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toEqual([]);
    // Ten times what was asked for, on a machine that may be busy.
    expect(performance.now() - stopped).toBeLessThan(10 * commandTimeout);
    await vi.waitFor(() => expect(log.read(document, START)).rejects.toThrow('Redis cannot be reached'));
    server.resume();

    await appending;
    expect(once(textsOf(await readAll(log, document)))).toEqual(['before', 'a', 'b', 'c', 'd']);
    await vi.waitFor(() => expect(once(follower.texts)).toEqual(['before', 'a', 'b', 'c', 'd']), { timeout: 5_000 });
    expect(follower.losses).toBe(0);
  });

  it('R2: that forgets its scripts under load keeps every entry and every order', async () => {
    await begin();
    const documents = Array.from({ length: 20 }, () => newDocumentId());
    const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
    const flushing = setInterval(() => void task.redis.commands.script('FLUSH'), 1);
    await Promise.all(
      documents.map(async (name) => {
        // Some at a time: they wait for each other in the log, not here.
        for (let from = 0; from < texts.length; from += 5) {
          await Promise.all(texts.slice(from, from + 5).map((value) => log.append(name, [text(value)])));
        }
      }),
    );
    clearInterval(flushing);
    for (const name of documents) expect(textsOf(await readAll(log, name))).toEqual(texts);
  });

  it('R8: without memory, appends reject with the reason and the check fails; reading, trimming and removing work', async () => {
    await begin();
    const { redis } = task;
    const neighbour = newDocumentId();
    const positions = await appendTexts(log, document, ['a', 'b', 'c']);
    await appendTexts(log, neighbour, ['next door']);
    await redis.commands.config('SET', 'maxmemory-policy', 'noeviction');
    await redis.commands.config('SET', 'maxmemory', '1');

    await expect(log.append(document, [text('refused')])).rejects.toThrow('out of memory');
    await expect(log.check()).rejects.toThrow('out of memory');
    expect(textsOf(await readAll(log, document))).toEqual(['a', 'b', 'c']);
    await log.trim(document, positions[1]?.cursor ?? START);
    expect(textsOf(await readAll(log, document))).toEqual(['c']);
    await log.trim(document, positions[2]?.cursor ?? START);
    await log.remove(neighbour);
    expect(await documentsOf(log)).toEqual([]);

    await redis.commands.config('SET', 'maxmemory', '0');
    await log.check();
    expect((await log.append(document, [text('d')])).previous).toBe(positions[2]?.cursor);
  });

  it('R8: when it cannot keep changes safe, appends reject with the reason and what is there can be read', async () => {
    await begin();
    await appendTexts(log, document, ['a']);
    await task.redis.commands.config('SET', 'min-replicas-to-write', '1');
    await expect(log.append(document, [text('refused')])).rejects.toThrow('cannot keep them safe');
    await expect(log.check()).rejects.toThrow('cannot keep them safe');
    expect(textsOf(await readAll(log, document))).toEqual(['a']);
  });

  it('R7: made a replica and a primary again, it is neither written nor read in between', async () => {
    await begin();
    const primary = await startRedis();
    const admin = new Redis(server.port, server.host);
    // Its next heartbeat is seconds away: the read itself finds out.
    const unaware = await openTask(server);
    try {
      const idle = await follow(unaware.log, newDocumentId());
      const follower = await follow(log, document);
      await appendTexts(log, document, ['a']);
      await vi.waitFor(() => expect(follower.texts).toEqual(['a']));
      await admin.replicaof(primary.host, primary.port);
      await expect(unaware.log.read(document, START)).rejects.toThrow('a replica now');
      await expect(log.append(document, [text('refused')])).rejects.toThrow('Redis');
      await expect(log.check()).rejects.toThrow('Redis');
      // It takes over what the other one has: nothing.
      await untilWorks(async () => expect(await admin.info('replication')).toContain('master_link_status:up'));
      await admin.replicaof('NO', 'ONE');

      expect((await untilWorks(() => log.append(document, [text('b')]))).previous).toBe(START);
      await vi.waitFor(() => expect(follower).toMatchObject({ texts: ['b'], losses: 1 }), { timeout: 5_000 });
      // Its connection has seen nothing of all this, and nothing is appended that would tell.
      await vi.waitFor(() => expect(idle.misses).toBeGreaterThan(0), { timeout: 5_000 });
    } finally {
      admin.disconnect();
      await unaware.close();
      await primary.stop();
    }
  }, 15_000);
});
