// The presence bus over Redis. Redis keeps who is present and tells what changes; each task keeps what it published, and repairs what is lost.
import { randomUUID } from 'node:crypto';
import type { DocumentId } from '@codesync/contract';
import { systemClock, type Cancel, type Clock } from '../clock.ts';
import { silentLogger, type Logger } from '../logger.ts';
import type { PresenceBus } from '../presence-bus.ts';
import type { Unsubscribe } from '../update-log.ts';
import { createBoundedWarning } from './bounded-warning.ts';
import type { RedisConnection } from './open-redis.ts';
import { createAudience, type Audience } from './presence-audience.ts';
import { createOwnClients } from './presence-own.ts';
import { channelOf, createPresenceRecords } from './presence-records.ts';
import { createPresenceRepair } from './presence-repair.ts';
import { decodeMessage } from './presence-states.ts';
import { createTaskWatch, LOOK_INTERVAL } from './task-watch.ts';

interface Room {
  readonly audience: Audience;
  readonly channel: Promise<Unsubscribe>;
  /** Listeners, and those who are about to listen. */
  users: number;
}

/** Within so many looks every document with clients of this task is compared once, so that nothing stays wrong, or ends in Redis. */
const LOOKS_PER_REFRESH = 120;

export function createRedisPresenceBus(
  redis: RedisConnection,
  options: { logger?: Logger; clock?: Clock } = {},
): PresenceBus {
  const { logger = silentLogger, clock = systemClock } = options;
  const warnOfGarbage = createBoundedWarning(logger, 'presence that cannot be read was left out');
  const now = () => clock.now();
  const task = randomUUID();
  const own = createOwnClients(task);
  const rooms = new Map<DocumentId, Room>();
  const records = createPresenceRecords(redis, task);
  const watch = createTaskWatch(redis, task, now);
  const repair = createPresenceRepair({ records, watch, own, rooms, now, logger });
  let due = own.documents.keys();
  let cancel: Cancel = () => {};
  let failing = false;
  let closing: Promise<void> | undefined;

  function assertOpen(): void {
    if (closing !== undefined) throw new Error('the presence bus is closed');
  }

  function hear(document: DocumentId, audience: Audience, message: Buffer): void {
    const states = decodeMessage(message.toString());
    if (states === undefined) {
      warnOfGarbage({ document, length: message.length });
      return;
    }
    for (const owner of new Set(states.map((state) => state.owner))) watch.heard(owner);
    own.hear(document, states);
    audience.hear(states);
  }

  function enter(document: DocumentId): Room {
    const known = rooms.get(document);
    if (known !== undefined) {
      known.users += 1;
      return known;
    }
    const audience = createAudience(logger, now);
    const channel = redis.channels.subscribe(
      channelOf(document),
      (message) => hear(document, audience, message),
      () => repair.doubt([document]),
    );
    const room = { audience, channel, users: 1 };
    rooms.set(document, room);
    return room;
  }

  function leave(document: DocumentId, room: Room): void {
    room.users -= 1;
    if (room.users > 0) return;
    if (rooms.get(document) === room) rooms.delete(document);
    room.channel.then(
      (unsubscribe) => unsubscribe(),
      (error: unknown) => logger.debug({ document, error }, 'a presence channel that was never listened to is left'),
    );
  }

  /** Also a document that this task has left: its last words there may have been lost. */
  function refreshSome(): void {
    const some: DocumentId[] = [];
    while (some.length < own.documents.size / LOOKS_PER_REFRESH) {
      const next = due.next();
      if (next.done === true) {
        due = own.documents.keys();
        break;
      }
      some.push(next.value);
    }
    repair.doubt(some);
  }

  async function look(): Promise<void> {
    try {
      const { lapsed, revived, dead } = await watch.look();
      failing = false;
      if (lapsed) repair.doubt([...own.documents.keys(), ...rooms.keys()]);
      for (const other of revived) repair.revive(other);
      for (const other of dead) void repair.bury(other);
      repair.doubtMissing();
      refreshSome();
    } catch (error) {
      if (!failing && closing === undefined) logger.warn({ error }, 'this task gives no sign of life; trying again');
      failing = true;
    }
    if (closing === undefined) cancel = clock.after(LOOK_INTERVAL, () => void look());
  }

  async function goodbye(): Promise<void> {
    cancel();
    repair.stop();
    for (const [document, room] of Array.from(rooms)) {
      room.users = 1;
      leave(document, room);
    }
    try {
      await Promise.all(Array.from(own.documents.keys(), (document) => records.bury(document, task, [])));
      await watch.leave();
    } catch (error) {
      logger.warn({ error }, 'presence could not say goodbye: the others will notice');
    }
  }

  cancel = clock.after(LOOK_INTERVAL, () => void look());

  return {
    async publish(document, states) {
      assertOpen();
      own.keep(document, states);
      try {
        // Whoever heard of clients of a task without a sign of life would take it for dead.
        await watch.introduce();
        assertOpen();
        const refused = await records.publish(document, states);
        own.hear(document, refused);
        rooms.get(document)?.audience.insist(refused);
      } catch (cause) {
        // It becomes known when Redis is back, unless something newer does.
        repair.doubt([document]);
        throw new Error('The other tasks could not be told who is present.', { cause });
      }
    },

    async subscribe(document, listener) {
      assertOpen();
      const room = enter(document);
      try {
        await room.channel;
        await repair.compare(document);
        assertOpen();
      } catch (cause) {
        leave(document, room);
        throw new Error('Who is present could not be found out.', { cause });
      }
      const remove = room.audience.admit(listener);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        remove();
        leave(document, room);
      };
    },

    async check() {
      assertOpen();
      await redis.check();
      if (failing) throw new Error('presence gives no sign of life');
    },

    close() {
      closing ??= goodbye();
      return closing;
    },
  };
}
