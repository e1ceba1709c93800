import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeState, encodeState, type DocumentState } from './document-state.ts';

const bytes = fc.uint8Array({ maxLength: 300 });
const state = fc.record({ stateVector: bytes, deleteSet: bytes, update: bytes });

const plain = (value: Omit<DocumentState, 'encoded'>): Record<string, number[]> => ({
  stateVector: [...value.stateVector],
  deleteSet: [...value.deleteSet],
  update: [...value.update],
});

describe('a document’s state as bytes', () => {
  it('what was encoded is decoded', () => {
    fc.assert(
      fc.property(state, (value) => {
        expect(plain(encodeState(value))).toEqual(plain(value));
        expect(plain(decodeState(encodeState(value).encoded))).toEqual(plain(value));
      }),
    );
  });

  it('R3: bytes that were cut short, or that go on, are an error and never a shorter document', () => {
    fc.assert(
      fc.property(
        state,
        fc.nat(),
        bytes.filter((extra) => extra.length > 0),
        (value, cut, extra) => {
          const { encoded } = encodeState(value);
          expect(() => decodeState(encoded.subarray(0, cut % encoded.length))).toThrow();
          expect(() => decodeState(Uint8Array.from([...encoded, ...extra]))).toThrow();
        },
      ),
    );
  });

  it('R3: bytes cut short are an error also when they lie in a larger buffer', () => {
    const { encoded } = encodeState({
      stateVector: Uint8Array.of(1),
      deleteSet: Uint8Array.of(2),
      update: new Uint8Array(50),
    });
    const pool = new Uint8Array(1_000);
    pool.set(encoded, 100);
    expect(() => decodeState(pool.subarray(100, 100 + encoded.length - 1))).toThrow();
  });

  it('a layout from another time is refused by its number', () => {
    expect(() => decodeState(Uint8Array.of(2, 0, 0, 0))).toThrow('unknown snapshot layout 2');
    expect(() => decodeState(new Uint8Array())).toThrow();
  });
});
