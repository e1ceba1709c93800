// Objects in an S3 bucket, by Amazon or anyone who keeps its promises: reads see what was written, and puts can be conditional.
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3ServiceException,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { errorCode } from '../error-code.ts';
import { silentLogger, type Logger } from '../logger.ts';
import { assertObjectKey } from '../object-key.ts';
import type { ObjectStore } from '../object-store.ts';
import { ATTEMPTS, createS3Client, TIMEOUTS, type S3Config, type Timeouts } from './client.ts';

export type { S3Config } from './client.ts';

/** The name of the metadata that says which `put` wrote an object. */
const MARK = 'put';

/** Answers to a conditional put: there is an object; another change of it is under way, and nobody knows yet how that ends. */
const EXISTS = 412;
const CONFLICT = 409;

export interface S3Options {
  readonly logger?: Logger;
  /** Shorter ones for tests. */
  readonly timeouts?: Timeouts;
}

/** Connects on the first request, so opening succeeds while the store is away; `check` tells. */
export function openS3ObjectStore(config: S3Config, options: S3Options = {}): ObjectStore {
  const { logger = silentLogger, timeouts = TIMEOUTS } = options;
  const { bucket } = config;
  const client = createS3Client(config, timeouts, logger);
  const closing = new AbortController();
  const abort = { abortSignal: closing.signal };

  /** Rejects with one sentence that names the bucket. */
  async function ask<T>(doing: string, request: () => Promise<T>): Promise<T> {
    if (closing.signal.aborted) throw new Error('the object store is closed');
    try {
      return await request();
    } catch (error) {
      if (closing.signal.aborted) throw new Error('the object store is closed', { cause: error });
      throw new Error(`${doing} in the bucket ${bucket} failed: ${reasonOf(error)}`, { cause: error });
    }
  }

  async function isMarked(key: string, mark: string): Promise<boolean> {
    try {
      const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), abort);
      return Metadata?.[MARK] === mark;
    } catch (error) {
      if (error instanceof NotFound) return false;
      throw error;
    }
  }

  async function bytesOf(key: string): Promise<Uint8Array> {
    for (let attempt = 1; ; attempt++) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), abort);
      if (Body === undefined) throw new Error('the answer has no body');
      try {
        return await Body.transformToByteArray();
      } catch (error) {
        // The client tries again until the body begins; what breaks later is ours.
        if (attempt === ATTEMPTS || closing.signal.aborted) throw error;
        logger.warn({ err: error, key }, 'reading an object broke off and begins again');
      }
    }
  }

  return {
    async put(key, bytes) {
      assertObjectKey(key);
      const mark = randomUUID();
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        IfNoneMatch: '*',
        Metadata: { [MARK]: mark },
      });
      const outcome = await ask(`writing ${key}`, async () => {
        try {
          await client.send(command, abort);
          return 'written';
        } catch (error) {
          const status = statusOf(error);
          if (status !== EXISTS && status !== CONFLICT) throw error;
          // When an answer was lost the client tried again, and met what its own first attempt had written, or is writing.
          if (await isMarked(key, mark)) return 'written';
          if (status === CONFLICT) throw error;
          return 'taken';
        }
      });
      if (outcome === 'taken') throw new Error(`object ${key} exists: objects are never overwritten`);
    },

    async get(key) {
      assertObjectKey(key);
      return ask(`reading ${key}`, async () => {
        try {
          return await bytesOf(key);
        } catch (error) {
          if (error instanceof NoSuchKey) return undefined;
          throw error;
        }
      });
    },

    async remove(key) {
      assertObjectKey(key);
      await ask(`removing ${key}`, () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), abort));
    },

    async *list(prefix) {
      let token: string | undefined;
      do {
        const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token });
        const page: ListObjectsV2CommandOutput = await ask('listing objects', () => client.send(command, abort));
        for (const { Key, LastModified } of page.Contents ?? []) {
          if (Key === undefined || LastModified === undefined)
            throw new Error(`the bucket ${bucket} lists an object without a name or a time`);
          yield { key: Key, writtenAt: LastModified.getTime() };
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },

    async check() {
      await ask('looking', () => client.send(new HeadBucketCommand({ Bucket: bucket }), abort));
    },

    async close() {
      closing.abort();
      client.destroy();
    },
  };
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** With the status: to HEAD there is no other answer. No connection to any address of a name is an error without a message. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const status = statusOf(error);
  return `${status === undefined ? '' : `${status} `}${error.name}: ${error.message || errorCode(error)}`;
}
