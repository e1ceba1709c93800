// Lists the documents that have a stream, from every primary.
import type { DocumentId } from '@codesync/contract';
import type { Redis } from 'ioredis';
import { documentOfStream, LOG_STREAMS } from './keys.ts';
import type { RedisConnection } from './open-redis.ts';
import { plainly } from './redis-failure.ts';

/** How many keys Redis looks at in one step: well below a millisecond. */
const STEP = 1_000;

/** Each one once. Rejects rather than leaving some out: a part that is not reachable, a connection that was lost between two steps. */
export async function* listStreams(redis: Pick<RedisConnection, 'primaries'>): AsyncGenerator<DocumentId> {
  // A scan may give a key twice, and a slot may move from one primary to another.
  const listed = new Set<DocumentId>();
  for (const primary of redis.primaries()) {
    for await (const stream of streamsOf(primary)) {
      const document = documentOfStream(stream);
      // Someone else's stream must not keep our documents from being found.
      if (document === undefined || listed.has(document)) continue;
      listed.add(document);
      yield document;
    }
  }
}

async function* streamsOf(primary: Redis): AsyncGenerator<string> {
  let connection: Redis['stream'] | undefined;
  let position = '0';
  do {
    const [next, streams] = await plainly(
      primary.scan(position, 'MATCH', LOG_STREAMS, 'COUNT', STEP, 'TYPE', 'stream'),
    );
    // A position in one server's keys says nothing to another.
    connection ??= primary.stream;
    if (primary.stream !== connection) throw new Error('the connection to Redis was lost while documents were listed');
    yield* streams;
    position = next;
  } while (position !== '0');
}
