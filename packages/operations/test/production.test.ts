// Into an installation of many tasks, named by the environment: Postgres, Redis and an S3 API.
import { startPostgres, startRedis, startS3 } from '@codesync/backends';
import { TEXT_NAME } from '@codesync/contract';
import { migrateToLatest, openPostgres } from '@codesync/database';
import { openPlatform, readConfig } from '@codesync/runtime';
import { silentLogger, type Notice } from '@codesync/storage';
import { expect, it, vi } from 'vitest';
import { documentIdOf } from '../src/document-name.ts';
import { startApplication } from './application.ts';
import { startImporter } from './importer-process.ts';
import { addUser, loadDocument, textOf } from './installation.ts';

// It starts three servers.
vi.setConfig({ testTimeout: 60_000 });

const OWNER = 'ana@example.com';

it('documents of y-redis, while the tasks run: they are in the log, and a snapshotter hears of them', async () => {
  await using servers = new AsyncDisposableStack();
  const [postgres, redis, s3] = await Promise.all([startPostgres(), startRedis(), startS3()]);
  for (const server of [postgres, redis, s3]) servers.defer(() => server.stop());
  const environment = {
    DB_HOST: postgres.host,
    DB_PORT: String(postgres.port),
    DB_NAME: postgres.database,
    DB_USERNAME: postgres.username,
    DB_PASSWORD: postgres.password,
    REDIS_HOST: redis.host,
    REDIS_PORT: String(redis.port),
    S3_BUCKET: s3.bucket,
    S3_ENDPOINT: s3.endpoint,
    S3_FORCE_PATH_STYLE: 'true',
    AWS_REGION: s3.region,
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    PUBLIC_URL: 'http://localhost',
    JWT_SECRET: 'a secret of the tests, as long as others',
    LOG_LEVEL: 'warn',
  };
  const database = openPostgres(postgres.config, silentLogger);
  await migrateToLatest(database.db);
  await addUser(database.db, OWNER);
  await database.close();
  vi.stubEnv('AWS_ACCESS_KEY_ID', s3.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', s3.secretAccessKey);
  const platform = servers.adopt(await openPlatform(readConfig('api', environment), silentLogger), (task) =>
    task.close(),
  );

  // The same Redis may well hold both.
  const app = startApplication({ ...redis, db: 0 });
  await app.edit('main.ts', (doc) => doc.getText(TEXT_NAME).insert(0, 'let a;\r\n'));
  await app.edit('notes', (doc) => doc.getText('monaco').insert(0, 'text'));
  const heard: Notice[] = [];
  platform.notices.subscribe((notice) => heard.push(notice));
  const args = ['--redis', `redis://${redis.host}:${redis.port}`, '--owner', OWNER];
  const run = () => startImporter(args, environment).ended;

  // Two operators at once.
  const runs = await Promise.all([run(), run()]);
  expect(runs).toEqual([expect.objectContaining({ code: 0 }), expect.objectContaining({ code: 0 })]);
  const ids = ['main.ts', 'notes'].map((name) => documentIdOf(name, OWNER));
  const texts = async () => Promise.all(ids.map(async (id) => textOf(await loadDocument(id, platform))));
  expect(await texts()).toEqual(['let a;\n', 'text']);
  await vi.waitFor(() => {
    for (const document of ids) expect(heard).toContainEqual({ kind: 'edited', document });
  });

  await app.edit('main.ts', (doc) => doc.getText(TEXT_NAME).insert(0, '// '));
  await app.close();
  expect(await run()).toEqual({
    code: 0,
    stdout: '2 lists: 0 imported, 1 updated, 1 already there, 0 skipped.\n',
    stderr: '',
  });
  expect(await texts()).toEqual(['// let a;\n', 'text']);
});
