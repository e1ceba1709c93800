import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig, type Mode } from './config.ts';
import { StartFailure } from './start-failure.ts';

/** What has to be said, and no more. */
const database = { DB_HOST: 'db.internal', DB_NAME: 'codesync', DB_USERNAME: 'app', DB_PASSWORD: 'pass word,#1' };
const task = {
  ...database,
  PUBLIC_URL: 'https://code.example.com',
  REDIS_HOST: 'redis.internal',
  S3_BUCKET: 'codesync-documents',
  AWS_REGION: 'eu-central-1',
  JWT_SECRET: 'a secret of more than thirty-two characters',
};
const least: Readonly<Record<Mode, Readonly<Record<string, string>>>> = {
  embedded: {},
  api: task,
  sync: task,
  migrate: database,
};

function refusalOf(mode: Mode, env: Readonly<Record<string, string | undefined>>): string {
  try {
    readConfig(mode, env);
  } catch (error) {
    expect(error).toBeInstanceOf(StartFailure);
    return error instanceof Error ? error.message : '';
  }
  throw new Error(`${mode} takes ${JSON.stringify(env)}`);
}

describe('npm start', () => {
  it('needs nothing: every setting has a default', () => {
    expect(readConfig('embedded', {})).toEqual({
      mode: 'embedded',
      port: 3000,
      host: '127.0.0.1',
      data: resolve('.codesync'),
      publicUrl: undefined,
      allowedOrigins: [],
      jwtSecrets: [],
      snapshotInterval: 5000,
      logLevel: 'warn',
    });
  });

  it('reads what is set', () => {
    const config = readConfig('embedded', {
      PORT: '0',
      HOST: '0.0.0.0',
      CODESYNC_DATA: '/srv/codesync',
      PUBLIC_URL: 'https://Code.Example.com/',
      ALLOWED_ORIGINS: 'https://a.example, http://b.example:8080/',
      JWT_SECRET: 'new,old',
      SNAPSHOT_INTERVAL_MS: '1000',
      LOG_LEVEL: 'debug',
    });
    expect(config).toEqual({
      mode: 'embedded',
      port: 0,
      host: '0.0.0.0',
      data: '/srv/codesync',
      publicUrl: 'https://code.example.com',
      allowedOrigins: ['https://a.example', 'http://b.example:8080'],
      jwtSecrets: ['new', 'old'],
      snapshotInterval: 1000,
      logLevel: 'debug',
    });
  });
});

describe('a task', () => {
  const defaults = {
    host: '0.0.0.0',
    publicUrl: 'https://code.example.com',
    allowedOrigins: [],
    jwtSecrets: [task.JWT_SECRET],
    snapshotInterval: 5000,
    drainWindow: 10_000,
    logLevel: 'info',
    database: {
      host: 'db.internal',
      port: 5432,
      database: 'codesync',
      username: 'app',
      password: 'pass word,#1',
      ssl: false,
    },
    redis: { host: 'redis.internal', port: 6379, tls: false, cluster: false },
    objects: { bucket: 'codesync-documents', region: 'eu-central-1', forcePathStyle: false },
  };

  it('has defaults for what is the same everywhere', () => {
    expect(readConfig('api', task)).toEqual({ mode: 'api', port: 3000, ...defaults });
    expect(readConfig('sync', task)).toEqual({ mode: 'sync', port: 3001, ...defaults });
  });

  it('reads what is set', () => {
    const config = readConfig('sync', {
      ...task,
      NODE_ENV: 'production',
      PORT: '8080',
      HOST: '::',
      METRICS_PORT: '9465',
      ALLOWED_ORIGINS: 'https://a.example',
      DB_HOST: '10.0.0.1',
      DB_PORT: '5433',
      DB_SSL: 'false',
      REDIS_HOST: 'fd00::1',
      REDIS_PORT: '6380',
      REDIS_TLS: 'true',
      REDIS_PASSWORD: 'hunter2',
      REDIS_CLUSTER: 'true',
      S3_ENDPOINT: 'http://storage.internal:9000/s3',
      S3_FORCE_PATH_STYLE: 'true',
      JWT_SECRET: `${'n'.repeat(32)}, ${'o'.repeat(32)}`,
      SNAPSHOT_INTERVAL_MS: '2000',
      DRAIN_WINDOW_MS: '0',
      LOG_LEVEL: 'warn',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.internal:4318',
    });
    expect(config).toEqual({
      ...defaults,
      mode: 'sync',
      port: 8080,
      host: '::',
      allowedOrigins: ['https://a.example'],
      jwtSecrets: ['n'.repeat(32), 'o'.repeat(32)],
      snapshotInterval: 2000,
      drainWindow: 0,
      logLevel: 'warn',
      database: { ...defaults.database, host: '10.0.0.1', port: 5433 },
      redis: { host: 'fd00::1', port: 6380, tls: true, password: 'hunter2', cluster: true },
      objects: { ...defaults.objects, endpoint: 'http://storage.internal:9000/s3', forcePathStyle: true },
    });
  });

  it('encrypts to the database in production, unless told otherwise', () => {
    for (const mode of ['api', 'sync', 'migrate'] as const) {
      expect(readConfig(mode, { ...task, NODE_ENV: 'production' }).database.ssl).toBe(true);
      expect(readConfig(mode, { ...task, NODE_ENV: 'production', DB_SSL: 'false' }).database.ssl).toBe(false);
      expect(readConfig(mode, { ...task, DB_SSL: 'true' }).database.ssl).toBe(true);
    }
  });

  it('takes a short secret where it is tried out, and none in production', () => {
    expect(readConfig('api', { ...task, JWT_SECRET: 'new,old' }).jwtSecrets).toEqual(['new', 'old']);
    const env = { ...task, NODE_ENV: 'production', JWT_SECRET: `${'n'.repeat(32)},hunter2` };
    expect(refusalOf('api', env)).toBe('JWT_SECRET must have at least 32 characters in each of its parts.');
  });
});

describe('migrate', () => {
  it('needs the database alone', () => {
    expect(readConfig('migrate', database)).toEqual({
      mode: 'migrate',
      database: readConfig('api', task).database,
      logLevel: 'info',
    });
  });
});

const missing = (Object.keys(least) as Mode[]).flatMap((mode) => Object.keys(least[mode]).map((name) => [mode, name]));

it.each(missing as [Mode, string][])('%s without %s says in one line what is missing', (mode, name) => {
  expect(refusalOf(mode, { ...least[mode], [name]: undefined })).toBe(`${name} is missing.`);
  // Set but empty is how shells and compose files say "not set".
  expect(refusalOf(mode, { ...least[mode], [name]: '' })).toBe(`${name} is missing.`);
});

const wrongEverywhere = [
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '0x10'],
  ['PORT', '80.5'],
  ['PORT', 'http'],
  ['PUBLIC_URL', 'localhost:3000'],
  ['PUBLIC_URL', 'ftp://example.com'],
  ['PUBLIC_URL', 'https://example.com/codesync'],
  ['PUBLIC_URL', 'https://me@example.com'],
  ['ALLOWED_ORIGINS', 'https://a.example,b.example'],
  ['ALLOWED_ORIGINS', '*'],
  ['JWT_SECRET', 'new,,old'],
  ['SNAPSHOT_INTERVAL_MS', '0'],
  ['SNAPSHOT_INTERVAL_MS', '5s'],
  ['LOG_LEVEL', 'loud'],
] as const;

const wrongInTasks = [
  ['NODE_ENV', 'prod'],
  ['METRICS_PORT', '-1'],
  ['METRICS_PORT', 'metrics'],
  ['DB_HOST', 'postgres://db.internal'],
  ['DB_HOST', 'db.internal:5432'],
  ['DB_PORT', '0'],
  ['DB_PORT', 'postgres'],
  ['DB_SSL', 'require'],
  ['REDIS_HOST', 'redis.internal/0'],
  ['REDIS_PORT', '65536'],
  ['REDIS_TLS', '1'],
  ['REDIS_CLUSTER', 'yes'],
  ['S3_BUCKET', 'S3://codesync'],
  ['S3_BUCKET', 'a'],
  ['S3_ENDPOINT', 'storage.internal:9000'],
  ['S3_FORCE_PATH_STYLE', 'on'],
  ['AWS_REGION', 'Frankfurt am Main'],
  ['DRAIN_WINDOW_MS', '50001'],
  ['DRAIN_WINDOW_MS', '-1'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318'],
] as const;

const wrongInMigrate = wrongInTasks.filter(([name]) => /^(NODE_ENV|DB_)/.test(name));

it.each([
  ...wrongEverywhere.map(([name, value]) => ['embedded', name, value] as const),
  ...[...wrongEverywhere, ...wrongInTasks].flatMap(([name, value]) => [
    ['api', name, value] as const,
    ['sync', name, value] as const,
  ]),
  ...wrongInMigrate.map(([name, value]) => ['migrate', name, value] as const),
])('%s refuses %s=%s in one line that names the variable', (mode, name, value) => {
  expect(refusalOf(mode, { ...least[mode], [name]: value })).toMatch(
    new RegExp(`^${name} (must|has|each) [^\\n]+\\.$`),
  );
});

it('keeps a wrong value out of the line, because some are secrets', () => {
  const line = refusalOf('api', { ...task, NODE_ENV: 'production', JWT_SECRET: 'hunter2,' });
  expect(line).not.toContain('hunter2');
});
