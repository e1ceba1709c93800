// A short conversation with a Redis server, to find out how it is and to set up a cluster.
import { Redis } from 'ioredis';
import type { Address } from './address.ts';

export type Ask = (command: string, ...args: readonly (string | number)[]) => Promise<unknown>;

/** In ms. A server of this machine answers in far less, unless it is stopped. */
const TIMEOUT = 5_000;

/** Rejects when the server cannot be reached or does not answer. */
export async function withRedis<T>(
  { host, port }: Address,
  password: string | undefined,
  talk: (ask: Ask) => Promise<T>,
): Promise<T> {
  const redis = new Redis({
    host,
    port,
    ...(password === undefined ? {} : { password }),
    lazyConnect: true,
    connectTimeout: TIMEOUT,
    commandTimeout: TIMEOUT,
    enableReadyCheck: false,
    retryStrategy: () => null,
  });
  // What is asked rejects with "Connection is closed"; why it was closed is said here alone.
  let reason: unknown;
  redis.on('error', (error) => {
    reason = error;
  });
  try {
    await redis.connect();
    return await talk((command, ...args) => redis.call(command, ...args));
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}
