// Objects in memory, for tests.
import { assertObjectKey } from '../object-key.ts';
import type { ObjectStore } from '../object-store.ts';
import { createOutage, type Outage } from './outage.ts';

export type MemoryObjectStore = ObjectStore & Outage;

export function createMemoryObjectStore(): MemoryObjectStore {
  const objects = new Map<string, Uint8Array>();
  const { outage, assertUp } = createOutage();

  return {
    async put(key, bytes) {
      assertUp();
      assertObjectKey(key);
      if (objects.has(key)) throw new Error(`object ${key} exists: objects are never overwritten`);
      objects.set(key, new Uint8Array(bytes));
    },
    async get(key) {
      assertUp();
      assertObjectKey(key);
      const bytes = objects.get(key);
      return bytes === undefined ? undefined : new Uint8Array(bytes);
    },
    async remove(key) {
      assertUp();
      assertObjectKey(key);
      objects.delete(key);
    },
    async *list(prefix) {
      assertUp();
      yield* Array.from(objects.keys())
        .filter((key) => key.startsWith(prefix))
        .toSorted((a, b) => (a < b ? -1 : 1));
    },
    async check() {
      assertUp();
    },
    async close() {
      outage.fail(new Error('the object store is closed'));
    },
    ...outage,
  };
}
