// The AWS SDK's client with limits: nothing hangs for ever, and a store that is away is asked a bounded number of times.
import { S3Client } from '@aws-sdk/client-s3';
import type { Logger } from '../logger.ts';

export interface S3Config {
  readonly bucket: string;
  readonly region: string;
  /** For stores that are not Amazon's. */
  readonly endpoint?: string;
  /** The bucket in the path instead of the host name; most stores that are not Amazon's want it. */
  readonly forcePathStyle?: boolean;
  /** Without: where the AWS SDK looks for them, as in a task's role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Timeouts {
  /** Until a connection stands, also until one is free, in ms. */
  readonly connect: number;
  /**
   * Without a byte in either direction, in ms. Not for the whole request: 20 MB over a slow link take their time.
   * The SDK begins to look 3 s after the request when this is 6 s or more.
   */
  readonly idle: number;
}

export const TIMEOUTS: Timeouts = { connect: 2_000, idle: 10_000 };

/** With the first one. Connections that fail, timeouts, 5xx and throttling are tried again, after a pause that grows. */
export const ATTEMPTS = 3;

/** Connections at most; requests beyond wait for one, as long as for a connection to stand. */
const SOCKETS = 64;

export function createS3Client(config: S3Config, timeouts: Timeouts, logger: Logger): S3Client {
  const agent = { keepAlive: true, maxSockets: SOCKETS };
  return new S3Client({
    region: config.region,
    ...(config.endpoint === undefined ? {} : { endpoint: config.endpoint }),
    ...(config.credentials === undefined ? {} : { credentials: config.credentials }),
    forcePathStyle: config.forcePathStyle ?? false,
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    // Otherwise every large put opens a connection beside the bounded ones.
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: timeouts.connect,
      socketTimeout: timeouts.idle,
      httpAgent: agent,
      httpsAgent: agent,
      // Without one it writes to the console.
      logger: {
        debug() {},
        info() {},
        warn: (text: unknown) => logger.warn({ detail: String(text) }, 'the S3 client warns'),
        error: (text: unknown) => logger.error({ detail: String(text) }, 'the S3 client failed'),
      },
    },
  });
}
