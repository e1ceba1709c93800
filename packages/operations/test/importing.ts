// For one test file: a Redis with an application of y-redis on it, and an installation. Both are empty before each test.
import { startRedis, type RedisServer } from '@codesync/backends';
import { START } from '@codesync/storage';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type * as Y from 'yjs';
import type { Owner } from '../src/destination.ts';
import { documentIdOf } from '../src/document-name.ts';
import type { ImportDeps } from '../src/import-list.ts';
import { startApplication, type Application } from './application.ts';
import { addUser, loadDocument, openInstallation, type Installation } from './installation.ts';
import { runImport, type RunOptions } from './run-import.ts';

interface Opened {
  readonly server: RedisServer;
  readonly redis: Redis;
  readonly app: Application;
  readonly codesync: Installation;
}

export function setUpImporting() {
  let opened: Opened;
  let owner: Owner;
  let people = 0;

  // Another one each time: the log of the test before is not emptied.
  const newUser = () => addUser(opened.codesync.deps.database, `person${people++}@example.com`);

  beforeAll(async () => {
    const [server, codesync] = await Promise.all([startRedis(), openInstallation()]);
    const redis = new Redis({ host: server.host, port: server.port });
    opened = { server, redis, app: startApplication(server), codesync };
  }, 60_000);

  afterAll(async () => {
    await opened.app.close();
    opened.redis.disconnect();
    await opened.codesync.close();
    await opened.server.stop();
  });

  beforeEach(async () => {
    await opened.redis.flushall();
    await opened.codesync.empty();
    owner = await newUser();
  });

  const idOf = (name: string) => documentIdOf(name, owner.email);
  return {
    get server() {
      return opened.server;
    },
    /** The source. */
    get redis() {
      return opened.redis;
    },
    get app() {
      return opened.app;
    },
    get codesync() {
      return opened.codesync;
    },
    get deps() {
      return opened.codesync.deps;
    },
    get owner() {
      return owner;
    },
    newUser,
    run: (options: Partial<RunOptions> = {}, deps: Partial<ImportDeps> = {}) =>
      runImport(opened.server, { ...opened.codesync.deps, ...deps }, { owner, ...options }),
    idOf,
    imported: (name: string): Promise<Y.Doc> => loadDocument(idOf(name), opened.codesync.deps),
    rows: () => opened.codesync.deps.database.selectFrom('documents').selectAll().orderBy('title').execute(),
    entries: async (name: string): Promise<number> =>
      (await opened.codesync.deps.log.read(idOf(name), START)).entries.length,
  };
}
