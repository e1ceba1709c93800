import { newDocumentId } from '@codesync/contract';
import { createFakeClock, createMemoryLeases } from '@codesync/storage/memory';
import { describe, expect, it, vi } from 'vitest';
import { createTurns } from './turns.ts';

function twoTasks() {
  const clock = createFakeClock();
  const leases = createMemoryLeases({ clock });
  return {
    clock,
    leases,
    here: createTurns({ leases, clock }),
    there: createTurns({ leases: leases.connect(), clock }),
  };
}

/** Work that ends when the test says so. */
function slowWork() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { work: vi.fn(() => promise), finish: resolve };
}

describe('turns', () => {
  it('work on one document takes turns also across tasks, and work on another one does not wait', async () => {
    const { clock, here, there } = twoTasks();
    const document = newDocumentId();
    const first = slowWork();
    const second = slowWork();
    const done = [here(document, first.work), there(document, second.work)];
    await there(newDocumentId(), async () => {});
    await clock.advance(1_000);
    expect([first.work.mock.calls.length, second.work.mock.calls.length]).toEqual([1, 0]);
    first.finish();
    await done[0];
    await clock.advance(1_000);
    expect(second.work).toHaveBeenCalledOnce();
    second.finish();
    await done[1];
  });

  it('a task that died in its turn holds the others up for a while, not for ever', async () => {
    const { clock, here, there } = twoTasks();
    const document = newDocumentId();
    void here(document, () => new Promise(() => {}));
    const work = vi.fn(async () => {});
    const done = there(document, work);
    await clock.advance(16_000);
    await done;
    expect(work).toHaveBeenCalledOnce();
  });

  it('R15: whose turn never comes is told to try again', async () => {
    const { clock, leases, there } = twoTasks();
    const document = newDocumentId();
    const lease = await leases.take(`content:${document}`, 60_000);
    const refused = expect(there(document, async () => {})).rejects.toMatchObject({ code: 'unavailable' });
    await clock.advance(21_000);
    await refused;
    await lease?.release();
    await there(document, async () => {});
  });
});
