import { freePort } from '@codesync/backends';
import { openPostgres } from '@codesync/database';
import { silentLogger, systemClock, type Clock } from '@codesync/storage';
import { createFakeClock } from '@codesync/storage/memory';
import { openRedis } from '@codesync/storage/redis';
import { openS3ObjectStore } from '@codesync/storage/s3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { untilAnswers, type Backend } from './await-backends.ts';
import { objectBackend, postgresBackend, redisBackend } from './backends.ts';
import { StartFailure } from './start-failure.ts';

const logger = silentLogger;

/** A backend that does this when it is asked for the nth time. */
function backendThat(check: (attempt: number) => Promise<void>): Backend & { attempts: number } {
  const backend = {
    name: 'Nowhere at 127.0.0.1:1',
    variables: 'NOWHERE_HOST says where it is',
    attempts: 0,
    check: () => check(++backend.attempts),
    refusal: (error: unknown) => (String(error).includes('refused') ? 'Nowhere refuses NOWHERE_PASSWORD.' : undefined),
  };
  return backend;
}

const away = () => Promise.reject(new Error('away\nfor long'));

describe('untilAnswers', () => {
  it('asks again until a backend answers, one after the other', async () => {
    const clock = createFakeClock();
    const late = backendThat((attempt) => (attempt < 3 ? away() : Promise.resolve()));
    const next = backendThat(() => Promise.resolve());
    const waiting = untilAnswers([late, next], { clock, logger });
    await clock.advance(250);
    expect([late.attempts, next.attempts]).toEqual([2, 0]);
    await clock.advance(250);
    await waiting;
    expect([late.attempts, next.attempts]).toEqual([3, 1]);
  });

  it('says at once what waiting does not mend', async () => {
    const waiting = untilAnswers([backendThat(() => Promise.reject(new Error('refused')))], {
      clock: createFakeClock(),
      logger,
    });
    await expect(waiting).rejects.toThrow(new StartFailure('Nowhere refuses NOWHERE_PASSWORD.'));
  });

  it.each([
    ['fails', away, 'away'],
    ['hangs', () => new Promise<void>(() => {}), 'no answer'],
  ])('names after half a minute one that %s', async (_, check, reason) => {
    const clock = createFakeClock();
    let line: unknown;
    const waiting = untilAnswers([backendThat(check)], { clock, logger }).catch((error: unknown) => (line = error));
    await clock.advance(29_000);
    expect(line).toBeUndefined();
    await clock.advance(10_000);
    await waiting;
    const text = `Nowhere at 127.0.0.1:1 does not answer (${reason}); NOWHERE_HOST says where it is.`;
    expect(line).toEqual(new StartFailure(text));
  });

  it('ends with the reason of who is told to stop', async () => {
    const clock = createFakeClock();
    const told = new AbortController();
    const waiting = untilAnswers([backendThat(away)], { clock, logger, told: told.signal });
    const ended = expect(waiting).rejects.toBe('enough');
    told.abort('enough');
    await clock.advance(250);
    await ended;
  });
});

describe('a backend that is not there', () => {
  /** Half a minute in little more than a second. */
  const clock: Clock = { ...systemClock, now: () => systemClock.now() * 20 };
  const wait = (backend: Backend) => untilAnswers([backend], { clock, logger });

  it('is named with its address, the system’s reason and its variables: Postgres', async () => {
    const config = {
      host: '127.0.0.1',
      port: await freePort(),
      database: 'd',
      username: 'u',
      password: 'p',
      ssl: false,
    };
    const database = openPostgres(config, logger);
    onTestFinished(() => database.close());
    await expect(wait(postgresBackend(config, database))).rejects.toThrow(
      `Postgres at 127.0.0.1:${config.port} does not answer (ECONNREFUSED); DB_HOST and DB_PORT say where it is.`,
    );
  });

  it('is named with its address, the system’s reason and its variables: Redis', async () => {
    const config = { host: '127.0.0.1', port: await freePort(), tls: false, cluster: false };
    const redis = openRedis(config, { logger });
    onTestFinished(() => redis.close());
    await expect(wait(redisBackend(config, redis))).rejects.toThrow(
      `Redis at 127.0.0.1:${config.port} does not answer (ECONNREFUSED); REDIS_HOST, REDIS_PORT and REDIS_TLS say how it is reached.`,
    );
  });

  it('is named with its address, the system’s reason and its variables: S3', async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    const config = { bucket: 'codesync', region: 'us-east-1', endpoint, forcePathStyle: true };
    const credentials = { accessKeyId: 'a', secretAccessKey: 's' };
    const objects = openS3ObjectStore({ ...config, credentials }, { logger });
    onTestFinished(() => objects.close());
    await expect(wait(objectBackend(config, objects))).rejects.toThrow(
      `S3 at ${endpoint} does not answer (ECONNREFUSED); S3_ENDPOINT and AWS_REGION say where it is.`,
    );
  });
});
