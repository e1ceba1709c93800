// Config -> Platform. The composition root: the only file that names adapters.
import { Failure } from '@codesync/contract';
import {
  createDocumentAccess,
  createSessionStore,
  createSnapshotCommits,
  migrateToLatest,
  openPGlite,
} from '@codesync/database';
import { createSnapshotStore, systemClock, type Logger, type UpdateLog } from '@codesync/storage';
import { openFileObjectStore } from '@codesync/storage/files';
import { openLevelUpdateLog } from '@codesync/storage/level';
import { createMemoryNotices, createMemoryPresenceBus } from '@codesync/storage/memory';
import type { Config, EmbeddedConfig } from './config.ts';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import type { Platform } from './platform.ts';
import { errnoOf, StartFailure } from './start-failure.ts';
import { createTokens } from './tokens.ts';

/** Throws StartFailure for what the configuration can mend. What was opened before a failure is closed again. */
export async function openPlatform(config: Config, logger: Logger): Promise<Platform> {
  switch (config.mode) {
    case 'embedded':
      return openEmbedded(config, logger);
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
  const snapshots = createSnapshotStore({ objects, commits: createSnapshotCommits(database.db), clock });
  const access = createDocumentAccess(database.db);

  const opened = opening.move();
  return {
    log,
    presence,
    notices,
    snapshots,
    sessions: createSessionStore(database.db),
    access,
    database: database.db,
    tokens: createTokens(secrets, clock),
    clock,
    logger,
    async check() {
      await Promise.all([
        part('update log', log.check()),
        part('presence bus', presence.check()),
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
    if (causes(cause).some((error) => errnoOf(error) === 'LEVEL_LOCKED')) {
      throw new StartFailure(`The data folder ${folder.path} is in use by another process.`, { cause });
    }
    throw cause;
  }
}

function causes(error: unknown): unknown[] {
  return error instanceof Error && error.cause !== undefined ? [error, ...causes(error.cause)] : [error];
}

async function part(name: string, check: Promise<void>): Promise<void> {
  try {
    await check;
  } catch (cause) {
    throw new Failure('unavailable', { detail: `The ${name} is down.`, cause });
  }
}
