// Appends on their way to Redis: of each document one call at a time, and what arrives meanwhile goes together into the next.
import type { DocumentId } from '@codesync/contract';
import { randomInt } from 'node:crypto';
import type { Cursor } from '../cursor.ts';
import { createGroupCommit, type GroupCommit } from '../group-commit.ts';
import { APPEND } from './append-script.ts';
import { logKeys } from './keys.ts';
import { decodeCursor } from './log-entry.ts';
import type { RedisConnection } from './open-redis.ts';

interface Position {
  readonly cursor: Cursor;
  readonly previous: Cursor;
}

export interface AppendQueues {
  /** `updates` as packUpdates made them. Rejects at once when too much waits. */
  append(document: DocumentId, updates: Uint8Array): Promise<Position>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** Updates that wait for a slow server. Beyond it appends reject, and whoever sent them is told to come back (R8, R16). */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** In one call, which Redis does nothing else beside: about 2 ms. One entry may be larger. */
const CALL = { entries: 200, bytes: 1024 * 1024 } as const;

/** Below 2^48, which is what randomInt can draw, and a cursor's 15 digits can hold. */
const RANDOM_RANGE = 2 ** 48 - 1;

interface Queue {
  readonly commits: GroupCommit<Buffer, Position>;
  waiting: number;
}

/**
 * One call at a time, because calls that are under way together may change places: when a server does not know the script, and
 * when a cluster's node sends them on (R2).
 */
export function createAppendQueues(redis: RedisConnection): AppendQueues {
  const queues = new Map<DocumentId, Queue>();
  const underWay = new Set<Promise<unknown>>();
  let waitingBytes = 0;

  async function write(document: DocumentId, entries: readonly Buffer[]): Promise<Position[]> {
    const positions: Position[] = [];
    for (const call of callsOf(entries)) {
      const reply = await redis.run(
        APPEND,
        logKeys(document),
        call.flatMap((entry) => [randomInt(RANDOM_RANGE), entry]),
      );
      positions.push(...positionsOf(reply, call.length));
    }
    return positions;
  }

  function open(document: DocumentId): Queue {
    const queue = { commits: createGroupCommit<Buffer, Position>((entries) => write(document, entries)), waiting: 0 };
    queues.set(document, queue);
    return queue;
  }

  async function append(document: DocumentId, updates: Buffer): Promise<Position> {
    const queue = queues.get(document) ?? open(document);
    waitingBytes += updates.byteLength;
    queue.waiting += 1;
    try {
      return await queue.commits.add(updates);
    } finally {
      waitingBytes -= updates.byteLength;
      queue.waiting -= 1;
      if (queue.waiting === 0) queues.delete(document);
    }
  }

  return {
    async append(document, updates) {
      if (waitingBytes + updates.byteLength > MAX_WAITING_BYTES) throw new Error('the update log is behind');
      const appended = append(document, Buffer.from(updates.buffer, updates.byteOffset, updates.byteLength));
      underWay.add(appended);
      try {
        return await appended;
      } finally {
        underWay.delete(appended);
      }
    },
    async idle() {
      await Promise.allSettled(underWay);
    },
  };
}

function callsOf(entries: readonly Buffer[]): Buffer[][] {
  const calls: Buffer[][] = [];
  let bytes = Infinity;
  for (const entry of entries) {
    const last = calls.at(-1);
    bytes += entry.byteLength;
    if (last !== undefined && last.length < CALL.entries && bytes <= CALL.bytes) last.push(entry);
    else {
      calls.push([entry]);
      bytes = entry.byteLength;
    }
  }
  return calls;
}

function positionsOf(reply: unknown, entries: number): Position[] {
  if (!Array.isArray(reply) || reply.length !== entries + 1)
    throw new Error('Redis answered something else than cursors');
  const [first, ...cursors] = reply.map(decodeCursor);
  let previous = first;
  return cursors.map((cursor) => {
    if (previous === undefined) throw new Error('Redis answered no cursor');
    const position = { cursor, previous };
    previous = cursor;
    return position;
  });
}
