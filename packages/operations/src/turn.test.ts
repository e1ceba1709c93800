import { newDocumentId } from '@codesync/contract';
import { createFakeClock, createMemoryLeases } from '@codesync/storage/memory';
import { describe, expect, it, vi } from 'vitest';
import { inTurn } from './turn.ts';
import { Unimportable } from './unimportable.ts';

function setUp() {
  const clock = createFakeClock();
  const leases = createMemoryLeases({ clock });
  const document = newDocumentId();
  return { clock, leases, document, deps: { clock, leases: leases.connect() }, name: `content:${document}` };
}

describe('inTurn', () => {
  it('waits for a PUT of the content that is under way, and holds up the next one', async () => {
    const { clock, leases, document, deps, name } = setUp();
    const put = await leases.take(name, 15_000);
    const work = vi.fn(async () => leases.take(name, 15_000));
    const done = inTurn(document, deps, work);
    await clock.advance(1_000);
    expect(work).not.toHaveBeenCalled();
    await put?.release();
    await clock.advance(1_000);
    expect(await done).toBeUndefined();
    expect(await leases.take(name, 15_000)).toBeDefined();
  });

  it('one that died in its turn is waited out', async () => {
    const { clock, leases, document, deps, name } = setUp();
    await leases.take(name, 15_000);
    const done = inTurn(document, deps, async () => 'done');
    await clock.advance(16_000);
    expect(await done).toBe('done');
  });

  it('gives up when its turn never comes, and gives the turn back when the work fails', async () => {
    const { clock, leases, document, deps, name } = setUp();
    const put = await leases.take(name, 60_000);
    const refused = expect(inTurn(document, deps, async () => {})).rejects.toBeInstanceOf(Unimportable);
    await clock.advance(21_000);
    await refused;
    await put?.release();
    await expect(inTurn(document, deps, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await leases.take(name, 15_000)).toBeDefined();
  });
});
