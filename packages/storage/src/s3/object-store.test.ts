// A bucket keeps the contract of the object store.
import { startS3, type S3Server } from '@codesync/backends';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { objectStoreContract } from '../contracts/index.ts';
import type { ObjectStore } from '../object-store.ts';
import { openS3ObjectStore, type S3Config } from './index.ts';

// In ms: servers on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 30_000 });

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());

function configOf(bucket: string): S3Config {
  return { bucket, region: s3.region, endpoint: s3.endpoint, forcePathStyle: true, credentials: s3 };
}

let buckets = 0;
async function newBucket(): Promise<S3Config> {
  const bucket = `bucket-${++buckets}`;
  await fetch(`${s3.endpoint}/${bucket}`, { method: 'PUT' });
  return configOf(bucket);
}

objectStoreContract('S3', async () => {
  const config = await newBucket();
  const objects = openS3ObjectStore(config);
  return {
    objects,
    async reopen() {
      await objects.close();
      return openS3ObjectStore(config);
    },
    close: () => objects.close(),
  };
});

describe('a bucket', () => {
  it('R3: that is missing is an error, never "no such object"', async () => {
    const objects = openS3ObjectStore(configOf('missing'));
    await expect(objects.get('a')).rejects.toThrow('reading a in the bucket missing failed: 404 NoSuchBucket');
    await expect(objects.put('a', new Uint8Array(1))).rejects.toThrow('NoSuchBucket');
    await expect(objects.remove('a')).rejects.toThrow('NoSuchBucket');
    await expect(keysOf(objects)).rejects.toThrow('NoSuchBucket');
    await expect(objects.check()).rejects.toThrow('looking in the bucket missing failed: 404');
    await objects.close();
  });

  it('that does not let us in is an error', async () => {
    const objects = openS3ObjectStore({
      ...configOf(s3.bucket),
      credentials: { accessKeyId: 'nobody', secretAccessKey: 'nothing' },
    });
    await expect(objects.get('a')).rejects.toThrow('403 InvalidAccessKeyId');
    await expect(objects.check()).rejects.toThrow('403');
    await objects.close();
  });
});

async function keysOf(objects: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list('')) keys.push(key);
  return keys;
}
