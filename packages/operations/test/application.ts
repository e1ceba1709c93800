// An application that keeps its documents with the real y-redis, as one of its server processes.
import { once } from 'node:events';
import { RedisPersistence } from 'y-redis';
import * as Y from 'yjs';

export interface Application {
  /** The server's copy of a document, with what Redis has of it; what is done to it goes there. */
  open(name: string): Promise<Y.Doc>;
  /** Opens a document, lets it be edited, and closes it when Redis has it all. */
  edit(name: string, edit: (doc: Y.Doc) => void): Promise<Y.Doc>;
  /** Everything that was done to open documents is in Redis. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface ApplicationRedis {
  readonly host: string;
  readonly port: number;
  readonly password?: string;
  readonly db?: number;
}

export function startApplication({ host, port, password, db }: ApplicationRedis): Application {
  const persistence = new RedisPersistence({ redisOpts: { host, port, password, db } });

  async function open(name: string): Promise<Y.Doc> {
    const doc = new Y.Doc();
    await persistence.bindState(name, doc).synced;
    return doc;
  }

  async function settled(): Promise<void> {
    // Replies come in the order of the commands.
    await persistence.redis.ping();
  }

  return {
    open,
    async edit(name, edit) {
      const doc = await open(name);
      edit(doc);
      await settled();
      await persistence.closeDoc(name);
      return doc;
    },
    settled,
    async close() {
      await settled();
      const { redis, sub } = persistence;
      const ended = Promise.all([once(redis, 'end'), once(sub, 'end')]);
      await persistence.destroy();
      await ended;
    },
  };
}
