// What every adapter of ObjectStore does.
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectStore } from '../object-store.ts';

export interface OpenedObjectStore {
  /** Empty. */
  readonly objects: ObjectStore;
  /** Closes the store and opens what it wrote again, for adapters that outlive their process; without it nothing is reopened. */
  readonly reopen?: () => Promise<ObjectStore>;
  readonly close: () => Promise<void>;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

export function objectStoreContract(name: string, open: () => Promise<OpenedObjectStore>): void {
  describe(`object store: ${name}`, () => {
    let opened: OpenedObjectStore;
    let objects: ObjectStore;

    beforeEach(async () => {
      opened = await open();
      objects = opened.objects;
    });
    afterEach(() => opened.close());

    it('what was put is got back, byte for byte', async () => {
      const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
      await objects.put('documents/a/1.zst', everyByte);
      await objects.put('empty', new Uint8Array());
      expect(await bytesOf(objects, 'documents/a/1.zst')).toEqual([...everyByte]);
      expect(await bytesOf(objects, 'empty')).toEqual([]);
    });

    it('an object of 20 MB is got back, byte for byte', async () => {
      const large = new Uint8Array(20 * 1024 * 1024);
      for (let index = 0; index < large.length; index += 4_093) large[index] = index % 251;
      await objects.put('large', large);
      const got = (await objects.get('large')) ?? new Uint8Array();
      expect(Buffer.compare(got, large)).toBe(0);
    });

    it('an object that is not there is undefined, also where a key goes on behind it or stops before it', async () => {
      await objects.put('a/b', text('1'));
      expect(await objects.get('a')).toBeUndefined();
      expect(await objects.get('a/c')).toBeUndefined();
      expect(await objects.get('a/b/c')).toBeUndefined();
      expect(await objects.get('nothing/here')).toBeUndefined();
    });

    it('R3: an object is never overwritten', async () => {
      await objects.put('a/1', text('first'));
      await expect(objects.put('a/1', text('second'))).rejects.toThrow(/a\/1/);
      expect(await bytesOf(objects, 'a/1')).toEqual([...text('first')]);
    });

    it('R3: of puts of one key at the same time exactly one goes through, whole', async () => {
      const contents = Array.from({ length: 8 }, (_, index) => text(`${index}`.repeat(10_000)));
      const results = await Promise.allSettled(contents.map((bytes) => objects.put('a/1', bytes)));
      const winners = contents.filter((_, index) => results[index]?.status === 'fulfilled');
      expect(winners).toHaveLength(1);
      const got = (await objects.get('a/1')) ?? new Uint8Array();
      expect(Buffer.compare(got, winners[0] ?? new Uint8Array())).toBe(0);
    });

    it('a removed object is gone, and removing it again is no error', async () => {
      await objects.put('a/1', text('1'));
      await objects.put('a/2', text('2'));
      await objects.remove('a/1');
      await objects.remove('a/1');
      await objects.remove('never/was');
      expect(await objects.get('a/1')).toBeUndefined();
      expect(await keysOf(objects, '')).toEqual(['a/2']);
    });

    it('keys are listed by prefix, in the order of their characters', async () => {
      const keys = ['a-b/1', 'a.b', 'a/1', 'a/10', 'a/2', 'a/b/1', 'a0', 'ab', 'b/1'];
      for (const key of keys.toReversed()) await objects.put(key, text(key));
      expect(await keysOf(objects, '')).toEqual(keys);
      expect(await keysOf(objects, 'a')).toEqual(keys.slice(0, -1));
      expect(await keysOf(objects, 'a/')).toEqual(['a/1', 'a/10', 'a/2', 'a/b/1']);
      expect(await keysOf(objects, 'a/1')).toEqual(['a/1', 'a/10']);
      expect(await keysOf(objects, 'a/b/')).toEqual(['a/b/1']);
      expect(await keysOf(objects, 'c')).toEqual([]);
      expect(await keysOf(objects, 'a/c/d')).toEqual([]);
    });

    it('a listed object says when it was written, to the second', async () => {
      const before = Date.now();
      await objects.put('a/1', text('1'));
      const after = Date.now();
      for await (const { writtenAt } of objects.list('a/')) {
        expect(writtenAt).toBeGreaterThan(before - 1_000);
        expect(writtenAt).toBeLessThanOrEqual(after + 1_000);
      }
    });

    it('everything under a prefix can be removed while it is being listed', async () => {
      for (let index = 0; index < 30; index++) await objects.put(`a/${index}`, text('1'));
      await objects.put('b/1', text('1'));
      for await (const { key } of objects.list('a/')) await objects.remove(key);
      expect(await keysOf(objects, '')).toEqual(['b/1']);
    });

    it.each(['', '/a', 'a/', 'a//b', '..', 'a/../b', './a', 'a/.', 'a b', 'a\\b', 'ä', 'a\0b', '~a', 'a?b'])(
      'a key that is none, %j, is refused and touches nothing',
      async (key) => {
        await expect(objects.put(key, text('1'))).rejects.toThrow('not an object key');
        await expect(objects.get(key)).rejects.toThrow('not an object key');
        await expect(objects.remove(key)).rejects.toThrow('not an object key');
        expect(await keysOf(objects, '')).toEqual([]);
      },
    );

    it('objects are there when the store is opened again', async () => {
      await objects.put('a/1', text('1'));
      const again = (await opened.reopen?.()) ?? objects;
      expect(await bytesOf(again, 'a/1')).toEqual([...text('1')]);
      await expect(again.put('a/1', text('2'))).rejects.toThrow(/a\/1/);
    });

    it('a store that works passes its check, which leaves nothing behind', async () => {
      await objects.check();
      expect(await keysOf(objects, '')).toEqual([]);
    });

    it('a closed store refuses everything, and closing it twice is harmless', async () => {
      await objects.close();
      await objects.close();
      await expect(objects.put('a', text('1'))).rejects.toThrow();
      await expect(objects.get('a')).rejects.toThrow();
      await expect(objects.check()).rejects.toThrow();
    });

    it('R3: whatever is put and removed in whatever order, the store holds what a map would', async () => {
      let run = 0;
      const step = fc.record({
        kind: fc.constantFrom('put', 'put', 'remove'),
        key: fc.constantFrom('a/1', 'a/2', 'a/b/1', 'b', 'c-1'),
        bytes: fc.uint8Array({ maxLength: 50 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 20, size: 'max' }), async (steps) => {
          const base = `run${++run}/`;
          const model = new Map<string, number[]>();
          for (const { kind, key, bytes } of steps) {
            if (kind === 'remove') {
              await objects.remove(base + key);
              model.delete(base + key);
            } else if (model.has(base + key)) {
              await expect(objects.put(base + key, bytes)).rejects.toThrow();
            } else {
              await objects.put(base + key, bytes);
              model.set(base + key, [...bytes]);
            }
          }
          expect(await keysOf(objects, base)).toEqual([...model.keys()].toSorted());
          for (const [key, bytes] of model) expect(await bytesOf(objects, key)).toEqual(bytes);
        }),
        { numRuns: 25 },
      );
    });
  });
}

async function keysOf(objects: ObjectStore, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of objects.list(prefix)) keys.push(key);
  return keys;
}

async function bytesOf(objects: ObjectStore, key: string): Promise<number[] | undefined> {
  const bytes = await objects.get(key);
  return bytes === undefined ? undefined : Array.from(bytes);
}
