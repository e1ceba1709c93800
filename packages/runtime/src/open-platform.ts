// Config -> Platform. The composition root: the only file that names adapters.
import { Failure } from '@codesync/contract';
import {
  createDocumentAccess,
  createSessionStore,
  createSnapshotCommits,
  migrateToLatest,
  openPGlite,
  openPostgres,
  type OpenDatabase,
} from '@codesync/database';
import { createSnapshotStore, systemClock, type Logger, type UpdateLog } from '@codesync/storage';
import { openFileObjectStore } from '@codesync/storage/files';
import { openLevelUpdateLog } from '@codesync/storage/level';
import { createMemoryLeases, createMemoryNotices, createMemoryPresenceBus } from '@codesync/storage/memory';
import { untilAnswers } from './await-backends.ts';
import { migratedBackend, objectBackend, postgresBackend, redisBackend } from './backends.ts';
import type { ApiConfig, EmbeddedConfig, SyncConfig } from './config.ts';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import type { Platform } from './platform.ts';
import { causesOf, errnoOf, StartFailure } from './start-failure.ts';
import { createTokens } from './tokens.ts';

/**
 * Throws StartFailure for what the configuration can mend, and for a backend that does not answer within half a minute. Rejects
 * with the signal's reason when that is aborted meanwhile. What was opened before a failure is closed again.
 */
export async function openPlatform(
  config: EmbeddedConfig | ApiConfig | SyncConfig,
  logger: Logger,
  told?: AbortSignal,
): Promise<Platform> {
  switch (config.mode) {
    case 'embedded':
      return openEmbedded(config, logger);
    case 'api':
    case 'sync':
      return openTask(config, logger, told);
  }
}

async function openEmbedded(config: EmbeddedConfig, logger: Logger): Promise<Platform> {
  await using opening = new AsyncDisposableStack();
  const clock = systemClock;
  const folder = await openDataFolder(config.data);
  // First, and so the last to be closed: its lock is the folder's.
  const log = opening.adopt(await openLog(folder), (opened) => opened.close());
  const secrets = config.jwtSecrets.length > 0 ? config.jwtSecrets : [await folder.secret()];
  const objects = opening.adopt(await openFileObjectStore(folder.objects), (opened) => opened.close());
  const database = opening.adopt(await openPGlite(folder.database), (opened) => opened.close());
  await migrateToLatest(database.db);
  const presence = opening.adopt(createMemoryPresenceBus(), (opened) => opened.close());
  const notices = opening.adopt(createMemoryNotices(), (opened) => opened.close());
  const leases = opening.adopt(createMemoryLeases(), (opened) => opened.close());
  const commits = createSnapshotCommits(database.db);
  const sessions = createSessionStore(database.db);
  return compose({
    opening,
    logger,
    clock,
    secrets,
    database,
    log,
    presence,
    notices,
    leases,
    objects,
    commits,
    sessions,
  });
}

/** One task of many: it keeps nothing itself, and its connections are its own. */
async function openTask(config: ApiConfig | SyncConfig, logger: Logger, told?: AbortSignal): Promise<Platform> {
  await using opening = new AsyncDisposableStack();
  const clock = systemClock;
  // Loaded here alone: without them `npm start` is ready 0.2 s sooner and 20 MB lighter.
  const redisAdapters = await import('@codesync/storage/redis');
  const { openS3ObjectStore } = await import('@codesync/storage/s3');
  const database = opening.adopt(openPostgres(config.database, logger), (opened) => opened.close());
  const redis = opening.adopt(
    redisAdapters.openRedis(config.redis, { logger, name: `codesync-${config.mode}` }),
    (opened) => opened.close(),
  );
  const objects = opening.adopt(openS3ObjectStore(config.objects, { logger }), (opened) => opened.close());
  await untilAnswers(
    [
      postgresBackend(config.database, database),
      migratedBackend(config.database, database),
      redisBackend(config.redis, redis),
      objectBackend(config.objects, objects),
    ],
    { clock, logger, told },
  );
  const log = opening.adopt(redisAdapters.createRedisUpdateLog(redis, { logger }), (opened) => opened.close());
  const presence = opening.adopt(redisAdapters.createRedisPresenceBus(redis, { logger, clock }), (opened) =>
    opened.close(),
  );
  const notices = opening.adopt(redisAdapters.createRedisNotices(redis, { logger }), (opened) => opened.close());
  const leases = opening.adopt(redisAdapters.createRedisLeases(redis), (opened) => opened.close());
  const commits = createSnapshotCommits(database.db);
  const sessions = redisAdapters.createRedisSessionStore(redis, createSessionStore(database.db), { logger, clock });
  const secrets = config.jwtSecrets;
  return compose({
    opening,
    logger,
    clock,
    secrets,
    database,
    log,
    presence,
    notices,
    leases,
    objects,
    commits,
    sessions,
  });
}

interface Parts extends Omit<Platform, 'snapshots' | 'access' | 'database' | 'tokens' | 'check' | 'close'> {
  /** What is open: from here on the platform's. */
  readonly opening: AsyncDisposableStack;
  readonly database: OpenDatabase;
  readonly secrets: readonly string[];
}

function compose({ opening, database, secrets, ...ports }: Parts): Platform {
  const { log, presence, notices, objects, commits, clock } = ports;
  const snapshots = createSnapshotStore({ objects, commits, clock });
  const opened = opening.move();
  return {
    ...ports,
    snapshots,
    access: createDocumentAccess(database.db),
    database: database.db,
    tokens: createTokens(secrets, clock),
    async check() {
      await Promise.all([
        part('update log', log.check()),
        part('presence bus', presence.check()),
        part('notices', notices.check()),
        part('snapshot store', snapshots.check()),
        part('database', database.check()),
      ]);
    },
    close: () => opened.disposeAsync(),
  };
}

// LevelDB's lock is the kernel's (fcntl): it ends with the process that holds it, however that dies, so that neither a lock
// left by kill -9 nor a zombie nor a reused process id can hold the folder, and two starts at once cannot both get it.
async function openLog(folder: DataFolder): Promise<UpdateLog> {
  try {
    return await openLevelUpdateLog(folder.log);
  } catch (cause) {
    if (causesOf(cause).some((error) => errnoOf(error) === 'LEVEL_LOCKED')) {
      throw new StartFailure(`The data folder ${folder.path} is in use by another process.`, { cause });
    }
    throw cause;
  }
}

async function part(name: string, check: Promise<void>): Promise<void> {
  try {
    await check;
  } catch (cause) {
    throw new Failure('unavailable', { detail: `The ${name} is down.`, cause });
  }
}
