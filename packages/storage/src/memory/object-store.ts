// Objects in memory, for tests.
import { systemClock, type Clock } from '../clock.ts';
import { assertObjectKey } from '../object-key.ts';
import type { ObjectStore } from '../object-store.ts';
import { createOutage, type Outage } from './outage.ts';

export type MemoryObjectStore = ObjectStore & Outage;

export function createMemoryObjectStore(options: { readonly clock?: Pick<Clock, 'now'> } = {}): MemoryObjectStore {
  const { clock = systemClock } = options;
  const objects = new Map<string, { readonly bytes: Uint8Array; readonly writtenAt: number }>();
  const { outage, assertUp } = createOutage();

  return {
    async put(key, bytes) {
      assertUp();
      assertObjectKey(key);
      if (objects.has(key)) throw new Error(`object ${key} exists: objects are never overwritten`);
      objects.set(key, { bytes: new Uint8Array(bytes), writtenAt: clock.now() });
    },
    async get(key) {
      assertUp();
      assertObjectKey(key);
      const object = objects.get(key);
      return object === undefined ? undefined : new Uint8Array(object.bytes);
    },
    async remove(key) {
      assertUp();
      assertObjectKey(key);
      objects.delete(key);
    },
    async *list(prefix) {
      assertUp();
      yield* Array.from(objects, ([key, { writtenAt }]) => ({ key, writtenAt }))
        .filter(({ key }) => key.startsWith(prefix))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1));
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
