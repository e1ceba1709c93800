// A store that fails, loses its answers, hangs and is away: what is tried again, what is an error, and that everything ends.
import { startS3, type S3Server } from '@codesync/backends';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ObjectStore } from '../object-store.ts';
import type { Timeouts } from './client.ts';
import { openS3ObjectStore } from './index.ts';

// In ms: servers on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 30_000 });

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const EXISTS = 'exists: objects are never overwritten';

let s3: S3Server;
let objects: ObjectStore;
let key: string;
let tests = 0;

beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());
beforeEach(() => {
  objects = open();
  key = `object/${++tests}`;
});
afterEach(async () => {
  s3.fault('none');
  await objects.close();
});

function open(timeouts?: Timeouts): ObjectStore {
  const { bucket, region, endpoint } = s3;
  return openS3ObjectStore(
    { bucket, region, endpoint, forcePathStyle: true, credentials: s3 },
    timeouts === undefined ? {} : { timeouts },
  );
}

/** Everything that a store is asked. */
const requests: readonly (readonly [string, (store: ObjectStore) => Promise<unknown>])[] = [
  ['put', (store) => store.put(key, text('1'))],
  ['get', (store) => store.get(key)],
  ['remove', (store) => store.remove(key)],
  ['list', (store) => keysOf(store)],
  ['check', (store) => store.check()],
];

describe.each(requests)('%s', (_name, ask) => {
  it('goes through when two attempts fail', async () => {
    s3.fault('error', 2);
    await ask(objects);
  });

  it('rejects with the reason when the store keeps failing', async () => {
    s3.fault('error');
    await expect(ask(objects)).rejects.toThrow(/ in the bucket codesync failed: 500 /);
  });

  it('rejects when the store hangs', async () => {
    const impatient = open({ connect: 200, idle: 200 });
    s3.fault('hang');
    await expect(ask(impatient)).rejects.toThrow('TimeoutError');
    await impatient.close();
  });

  it('rejects while the store is away, and goes through when it is back', async () => {
    s3.fault('down');
    await expect(ask(objects)).rejects.toThrow(' in the bucket codesync failed: ');
    s3.fault('none');
    await ask(objects);
  });
});

it('R3: an object whose first answer was lost is written: its own trace is no conflict', async () => {
  s3.fault('lost', 1);
  await objects.put(key, text('ours'));
  expect(await objects.get(key)).toEqual(text('ours'));
  await expect(objects.put(key, text('ours'))).rejects.toThrow(EXISTS);
});

it('R3: when every answer is lost the put rejects, not as a conflict, and what lies there is whole', async () => {
  s3.fault('lost', 3);
  const put = objects.put(key, text('ours'));
  await expect(put).rejects.toThrow(`writing ${key} in the bucket codesync failed: `);
  expect(await objects.get(key)).toEqual(text('ours'));
});

it("R3: an attempt that meets another's object after one of our own failed is a conflict, also with the same bytes", async () => {
  await objects.put(key, text('same'));
  const other = open();
  s3.fault('error', 1);
  await expect(other.put(key, text('same'))).rejects.toThrow(EXISTS);
  await other.close();
});

it('a request that hangs ends when the store is closed', async () => {
  s3.fault('hang');
  const hanging = expect(objects.get(key)).rejects.toThrow('the object store is closed');
  await objects.close();
  await hanging;
});

it('many requests at the same time all go through', async () => {
  const many = Array.from({ length: 200 }, (_, index) => `${key}/${index}`);
  await Promise.all(many.map((name) => objects.put(name, text(name))));
  const got = await Promise.all(many.map((name) => objects.get(name)));
  expect(got).toEqual(many.map(text));
});

async function keysOf(objects: ObjectStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list('')) keys.push(key);
  return keys;
}
