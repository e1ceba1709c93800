// Tasks with people in one document, over a server that the test starts.
import { newDocumentId, type DocumentId } from '@codesync/contract';
import { beforeEach, expect, onTestFinished, vi } from 'vitest';
import type { Clock } from '../../clock.ts';
import type { PresenceBus } from '../../presence-bus.ts';
import { shardOf } from '../keys.ts';
import { openRedis, type RedisConfig, type RedisConnection } from '../open-redis.ts';
import { createRedisPresenceBus } from '../presence-bus.ts';
import { openPresenceRoom, type PresenceRoom } from './presence-room.ts';
import { untilWorks } from './until-works.ts';

/** R11. */
export const WITHIN = { timeout: 10_000 };

/** Milliseconds for a test that waits for a death, or for an outage to be noticed, more than once. */
export const PATIENT = 60_000;

interface PresenceTask {
  readonly redis: RedisConnection;
  readonly bus: PresenceBus;
}

interface TaskOptions {
  /** Another way to the server. */
  readonly address?: RedisConfig;
  readonly clock?: Clock;
}

export interface PresenceWorld {
  /** Another one in each test. */
  readonly document: DocumentId;
  /** Where Redis keeps who is present in the document; its channel, too. */
  readonly presenceKey: string;
  /** Both end with the test. */
  startTask(options?: TaskOptions): Promise<PresenceTask>;
  startRoom(options?: TaskOptions): Promise<PresenceRoom>;
}

/** To be called once in a test file. */
export function presenceWorld(server: () => RedisConfig): PresenceWorld {
  let document: DocumentId;

  beforeEach(() => {
    document = newDocumentId();
  });

  async function startTask({ address = server(), ...options }: TaskOptions = {}): Promise<PresenceTask> {
    const redis = openRedis(address, { commandTimeout: 1_000 });
    const bus = createRedisPresenceBus(redis, options);
    onTestFinished(async () => {
      await bus.close();
      await redis.close();
    });
    await untilWorks(() => redis.check());
    return { redis, bus };
  }

  return {
    get document() {
      return document;
    },
    get presenceKey() {
      return `${shardOf(document)}:presence:${document}`;
    },
    startTask,
    async startRoom(options) {
      const { bus } = await startTask(options);
      return openPresenceRoom(bus, document);
    },
  };
}

export async function everyoneSees(
  rooms: readonly PresenceRoom[],
  people: Readonly<Record<number, string>>,
): Promise<void> {
  for (const room of rooms) {
    await vi.waitFor(() => expect(Object.fromEntries(room.present)).toEqual(people), WITHIN);
  }
}
