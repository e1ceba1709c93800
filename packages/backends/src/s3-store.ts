// Makes s3rver's store of files keep what S3 promises: whole objects or none, conditional puts, keys in order.
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { S3Error, type ArrivingObject, type FilesystemStore, type Listing, type ListOptions } from './s3rver.ts';

/** `unfinished` is a folder on the same disk. */
export function keepPromises(store: FilesystemStore, unfinished: string): void {
  // Removing the last object of a folder removes the folder: a put on its way there would fail. So changes go one at a time.
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const result = last.then(change);
    last = result.catch(() => {});
    return result;
  }

  async function putObject({ bucket, key, content, metadata }: ArrivingObject): Promise<{ size: number; md5: string }> {
    // Rejects when the client goes before it has sent everything.
    const bytes = await buffer(content);
    const md5 = createHash('md5').update(bytes).digest('hex');
    const aside = join(unfinished, randomUUID());
    await writeFile(aside, bytes);
    return inTurn(async () => {
      if (content.headers['if-none-match'] === '*' && (await store.existsObject(bucket, key))) {
        await rm(aside);
        throw new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold');
      }
      const path = store.getResourcePath(bucket, key, 'object');
      await mkdir(dirname(path), { recursive: true });
      await store.putMetadata(bucket, key, metadata, md5);
      await rename(aside, path);
      return { size: bytes.length, md5 };
    });
  }

  const removeObject = store.deleteObject.bind(store);
  async function deleteObject(bucket: string, key: string): Promise<void> {
    await inTurn(async () => {
      if (await store.existsObject(bucket, key)) await removeObject(bucket, key);
    });
  }

  const walk = store.listObjects.bind(store);
  async function listObjects(
    bucket: string,
    { startAfter = '', maxKeys = 1_000, ...options }: ListOptions,
  ): Promise<Listing> {
    if (maxKeys === 0) return { objects: [], commonPrefixes: [], isTruncated: false };
    // It walks through folders, whose order is not that of keys, and cuts pages in that order.
    const { objects, commonPrefixes } = await inTurn(() => walk(bucket, options));
    const after = objects.filter(({ key }) => key > startAfter).toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return { objects: after.slice(0, maxKeys), commonPrefixes, isTruncated: after.length > maxKeys };
  }

  Object.assign(store, { putObject, deleteObject, listObjects });
}
