// What we use of s3rver, which comes without types.
import type { IncomingMessage, RequestListener } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

interface Options {
  readonly directory: string;
  readonly silent: boolean;
  readonly vhostBuckets: boolean;
  readonly configureBuckets: readonly { readonly name: string }[];
}

interface App {
  readonly store: FilesystemStore;
  configureBuckets(): Promise<unknown>;
  callback(): RequestListener;
}

export interface FilesystemStore {
  /** null when there is none. */
  getBucket(bucket: string): Promise<object | null>;
  getResourcePath(bucket: string, key: string, resource: string): string;
  existsObject(bucket: string, key: string): Promise<boolean>;
  putObject(object: ArrivingObject): Promise<{ size: number; md5: string }>;
  putMetadata(bucket: string, key: string, metadata: ArrivingObject['metadata'], md5: string): Promise<void>;
  deleteObject(bucket: string, key: string): Promise<void>;
  listObjects(bucket: string, options: ListOptions): Promise<Listing>;
}

export interface ArrivingObject {
  readonly bucket: string;
  readonly key: string;
  /** The request whose body it is. */
  readonly content: IncomingMessage;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ListOptions {
  readonly delimiter?: string | undefined;
  readonly startAfter?: string | undefined;
  readonly prefix?: string | undefined;
  readonly maxKeys?: number | undefined;
}

export interface Listing {
  readonly objects: readonly ListedObject[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
}

export interface ListedObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  readonly lastModifiedDate: Date;
}

export const S3rver = require('s3rver') as new (options: Options) => App;

/** Thrown while a request is answered, it is answered as S3 does: the code's status, and XML. */
export const S3Error = require('s3rver/lib/models/error.js') as new (code: string, message: string) => Error;
