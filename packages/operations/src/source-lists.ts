// The lists in which y-redis 1.x keeps documents: under `<name>:updates`, one Yjs update an entry, in the order of arrival. Only read.
import { StartFailure } from '@codesync/runtime';
import { Redis } from 'ioredis';

export interface SourceList {
  /** The document's name in y-redis. */
  readonly name: string;
  /** Its updates in order, some thousands at a time. */
  pages(): AsyncIterable<readonly Uint8Array[]>;
}

export interface SourceLists {
  /** All whose name begins with a prefix. One may come twice while Redis resizes its table of keys. */
  lists(prefix: string): AsyncIterable<SourceList>;
  close(): void;
}

const SUFFIX = ':updates';

/** Keys that Redis looks at for one answer. */
const SCANNED = 1_000;

/** Entries of a page. Keystrokes are some 30 bytes; where they are larger, pages get shorter. */
const PAGE = { first: 1_000, most: 2_000, bytes: 4 * 1024 * 1024 } as const;

/** Milliseconds to connect, and for one answer: what takes longer never comes. */
const TIMEOUT = { connect: 10_000, answer: 60_000 } as const;

/** Throws StartFailure when Redis does not answer, or not to this user and with this database. */
export async function openSourceLists(url: string): Promise<SourceLists> {
  const { host } = new URL(url);
  let failure: Error | undefined;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: TIMEOUT.connect,
    commandTimeout: TIMEOUT.answer,
    // A connection that breaks is not made again: behind it could be another server, in which a scan that goes on misses keys.
    retryStrategy: () => null,
  });
  redis.on('error', (error: Error) => {
    failure = error;
  });

  async function asked<T>(answer: Promise<T>): Promise<T> {
    try {
      const answered = await answer;
      // A database that Redis does not have is told by the event alone, and database 0 would be read instead.
      if (failure !== undefined) throw failure;
      return answered;
    } catch (cause) {
      const { message } = failure ?? (cause as Error);
      throw new Error(`Redis at ${host} can't be read (${message}).`, { cause });
    }
  }

  try {
    await asked(redis.connect());
    await asked(redis.ping());
  } catch (cause) {
    redis.disconnect();
    throw new StartFailure((cause as Error).message, { cause });
  }

  return {
    async *lists(prefix) {
      const pattern = `${prefix.replaceAll(/[\\*?[]/g, String.raw`\$&`)}*${SUFFIX}`;
      let cursor = '0';
      do {
        const [next, keys] = await asked(redis.scanBuffer(cursor, 'MATCH', pattern, 'COUNT', SCANNED, 'TYPE', 'list'));
        for (const key of keys) yield sourceList(key, (from, to) => asked(redis.lrangeBuffer(key, from, to)));
        cursor = next.toString();
      } while (cursor !== '0');
    },
    close: () => redis.disconnect(),
  };
}

function sourceList(key: Buffer, range: (from: number, to: number) => Promise<Buffer[]>): SourceList {
  return {
    name: key.subarray(0, -SUFFIX.length).toString(),
    async *pages() {
      let length: number = PAGE.first;
      for (let from = 0; ;) {
        const page = await range(from, from + length - 1);
        if (page.length > 0) yield page;
        if (page.length < length) return;
        from += page.length;
        const bytes = page.reduce((sum, { byteLength }) => sum + byteLength, 0);
        length = Math.max(1, Math.min(PAGE.most, Math.floor(PAGE.bytes / (bytes / page.length))));
      }
    },
  };
}
