// Asks every connection for a sign of life. One that stays silent is given up by its socket timeout, one that leads to the wrong server here.
import type { Redis } from 'ioredis';

export interface Heartbeat {
  /**
   * Until the connection ends for good. `usable` is called whenever it has become so: after each loss, and when its server goes on
   * with another history than it had.
   */
  watch(connection: Redis, usable?: () => void): void;
  close(): void;
}

/** What a connection leads to: a run of a server, and the history that it goes on with, which changes with every promotion. */
interface Place {
  readonly server: string | undefined;
  readonly history: string | undefined;
}

export interface HeartbeatOptions {
  readonly interval: number;
  readonly oneServer: boolean;
  /** A connection that works was given up, for this reason. */
  readonly givenUp: (reason: Error) => void;
}

/**
 * `oneServer`: all connections belong to one address, which leads to one primary at a time. After a failover some may still
 * lead to the server that was the primary before: whoever listened there would hear nothing, for ever.
 */
export function createHeartbeat({ interval, oneServer, givenUp }: HeartbeatOptions): Heartbeat {
  const places = new Map<Redis, Place>();
  const watched = new Map<Redis, (() => void) | undefined>();

  /** Any answer is a sign of life; only what it says clearly is held against the connection. */
  async function look(connection: Redis): Promise<void> {
    const info = await connection.info('server', 'replication').catch(answerOf);
    // No answer: the connection is being lost, or the next look will tell.
    if (info === undefined || connection.status !== 'ready') return;
    if (oneServer && /^role:slave\r$/m.test(info)) {
      giveUp(connection, 'the server that was the primary is a replica now');
      return;
    }
    const place = { server: field(info, 'run_id'), history: field(info, 'master_replid') };
    const known = places.get(connection);
    places.set(connection, place);
    if (known === undefined && oneServer) giveUpOthers(place);
    if (known === undefined || known.history !== place.history) watched.get(connection)?.();
  }

  /** The address led there just now, so connections that lead elsewhere are of the past. */
  function giveUpOthers({ server }: Place): void {
    if (server === undefined) return;
    for (const [other, known] of places) {
      if (known.server === undefined || known.server === server) continue;
      giveUp(other, 'the address leads to another server now');
    }
  }

  function giveUp(connection: Redis, reason: string): void {
    places.delete(connection);
    connection.disconnect(true);
    givenUp(new Error(reason));
  }

  const timer = setInterval(() => {
    for (const connection of watched.keys()) if (connection.status === 'ready') void look(connection);
  }, interval);

  return {
    watch(connection, usable) {
      watched.set(connection, usable);
      connection.on('ready', () => void look(connection));
      connection.on('close', () => places.delete(connection));
      connection.once('end', () => watched.delete(connection));
    },
    close: () => clearInterval(timer),
  };
}

/** Someone may have been forbidden to ask. */
function answerOf(error: unknown): string | undefined {
  return error instanceof Error && error.name === 'ReplyError' ? '' : undefined;
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\w+)\\r$`, 'm').exec(info)?.[1];
}
