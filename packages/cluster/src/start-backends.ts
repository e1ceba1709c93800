// The backends of a cluster: real servers, in its folder, or temporary ones.
import {
  startPostgres,
  startRedis,
  startS3,
  type PostgresServer,
  type RedisServer,
  type S3Server,
} from '@codesync/backends';
import { StartFailure } from '@codesync/runtime';
import { setTimeout } from 'node:timers/promises';
import type { ClusterFolder } from './cluster-folder.ts';

export interface Backends {
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly s3: S3Server;
  /** In reverse order of starting. */
  stop(): Promise<void>;
}

/** Milliseconds for those of a cluster that was killed to end: they write to the disk what they have. */
const PATIENCE = 30_000;
const PAUSE = 200;

/** Without a folder they keep nothing. */
export async function startBackends(folder?: ClusterFolder): Promise<Backends> {
  await using starting = new AsyncDisposableStack();
  const postgres = starting.adopt(
    await onceFree(/lock file .* already exists/, () =>
      startPostgres(folder === undefined ? {} : { folder: folder.postgres }),
    ),
    (server) => server.stop(),
  );
  const redis = starting.adopt(
    await onceFree(/Address already in use/, () =>
      startRedis(folder === undefined ? {} : { folder: folder.redis, port: folder.redisPort }),
    ),
    (server) => server.stop(),
  );
  const s3 = starting.adopt(await startS3(folder === undefined ? {} : { folder: folder.objects }), (server) =>
    server.stop(),
  );
  const started = starting.move();
  return { postgres, redis, s3, stop: () => started.disposeAsync() };
}

/** Starts it when the one before, which fails it with `taken`, has ended. */
async function onceFree<Server>(taken: RegExp, start: () => Promise<Server>): Promise<Server> {
  for (const begun = performance.now(); ; await setTimeout(PAUSE)) {
    try {
      return await start();
    } catch (cause) {
      const text = String(cause);
      if (!taken.test(text)) throw cause;
      if (performance.now() - begun > PATIENCE) {
        throw new StartFailure(`A server of a cluster that was here before does not end (${taken.exec(text)?.[0]}).`, {
          cause,
        });
      }
    }
  }
}
