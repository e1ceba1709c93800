import { describe, expect, it } from 'vitest';
import { encodeState, type DocumentState } from './document-state.ts';
import { sealState, unsealState } from './sealed-state.ts';

const MB = 1024 * 1024;

/** Compresses badly. */
function stateOf(bytes: number): DocumentState {
  const update = new Uint8Array(bytes);
  let random = 1;
  for (let index = 0; index < bytes; index++) {
    random = (random * 48_271) % 2_147_483_647;
    update[index] = random;
  }
  return encodeState({ stateVector: Uint8Array.of(1), deleteSet: Uint8Array.of(2), update });
}

describe('a sealed state', () => {
  it.each([0, 100, 100_000, 3 * MB])('of %d bytes is what it was, whatever size was expected', async (bytes) => {
    const { update } = stateOf(bytes);
    const object = await sealState(stateOf(bytes));
    for (const expected of [0, bytes, 40 * MB]) {
      const unsealed = await unsealState(object, expected);
      expect(Buffer.compare(unsealed.update, update)).toBe(0);
      expect(unsealed).toMatchObject({ stateVector: Uint8Array.of(1), deleteSet: Uint8Array.of(2) });
    }
  });

  it('a large state comes in one piece that can change hands, and its memory is given back when it is sealed', async () => {
    const state = await unsealState(await sealState(stateOf(3 * MB)), 3 * MB);
    expect(state.update.buffer).toBe(state.encoded.buffer);
    await sealState(state);
    expect(state.encoded.byteLength).toBe(0);
  });

  it('R3: a flipped bit is an error', async () => {
    const object = await sealState(stateOf(10_000));
    for (const at of [50, 1_000, object.length - 1]) {
      const flipped = object.slice();
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      await expect(unsealState(flipped, 10_000)).rejects.toThrow();
    }
  });
});
