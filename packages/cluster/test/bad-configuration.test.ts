// The processes of production, really started, with one variable missing or wrong: exit code 1, and one line that names it.
import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const database = { DB_HOST: '127.0.0.1', DB_NAME: 'codesync', DB_USERNAME: 'app', DB_PASSWORD: 'pass word' };
const task = {
  ...database,
  PUBLIC_URL: 'https://code.example.com',
  REDIS_HOST: '127.0.0.1',
  S3_BUCKET: 'codesync',
  AWS_REGION: 'eu-central-1',
  JWT_SECRET: 'a secret of more than thirty-two characters',
};

/** Values that variables can't have. */
const WRONG = {
  NODE_ENV: 'prod',
  DB_HOST: 'postgres://localhost',
  DB_PORT: 'postgres',
  DB_SSL: 'require',
  LOG_LEVEL: 'loud',
};
const WRONG_IN_TASKS = {
  ...WRONG,
  PORT: '65536',
  METRICS_PORT: 'metrics',
  PUBLIC_URL: 'localhost:3000',
  ALLOWED_ORIGINS: '*',
  REDIS_HOST: 'localhost:6379',
  REDIS_PORT: '0',
  REDIS_TLS: 'yes',
  REDIS_CLUSTER: '1',
  S3_BUCKET: 'Code Sync',
  S3_ENDPOINT: 'localhost:9000',
  S3_FORCE_PATH_STYLE: 'on',
  AWS_REGION: 'Frankfurt am Main',
  JWT_SECRET: 'new,,old',
  SNAPSHOT_INTERVAL_MS: '5s',
  DRAIN_WINDOW_MS: '-1',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'collector',
};

const PROCESSES = [
  { name: 'CodeSync api', main: 'api/src/main.ts', least: task, wrong: WRONG_IN_TASKS },
  // Its reader is the api's: what it is given in vain is enough to see that it has one.
  { name: 'CodeSync sync-server', main: 'sync-server/src/main.ts', least: task, wrong: { PORT: 'http', DB_SSL: '1' } },
  { name: 'CodeSync migrate', main: 'packages/database/src/migrate.ts', least: database, wrong: WRONG },
] as const;

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface Ending {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

function run(main: string, env: Readonly<Record<string, string>>): Promise<Ending> {
  const options = { env: { NODE_COMPILE_CACHE: `${ROOT}.node/compiled`, ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, [ROOT + main], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

describe.each(PROCESSES)('$name', ({ name, main, least, wrong }) => {
  const without = Object.keys(least).map((variable) => {
    const { [variable]: _, ...env } = { ...least } as Record<string, string>;
    return { variable, env };
  });
  const mistaken = Object.entries(wrong).map(([variable, value]) => ({
    variable,
    env: { ...least, [variable]: value },
  }));

  it('says in one line which variable is missing or wrong, and ends with 1', async () => {
    const cases = [...without, ...mistaken].values();
    await Promise.all(
      Array.from({ length: availableParallelism() }, async () => {
        for (const { variable, env } of cases) {
          const { code, stdout, stderr } = await run(main, env);
          expect(stderr).toMatch(new RegExp(`^${name} can't start: ${variable} [^\\n]+\\.\\n$`));
          expect([variable, code, stdout]).toEqual([variable, 1, '']);
        }
      }),
    );
  });
});
