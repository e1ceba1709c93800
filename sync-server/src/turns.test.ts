import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

/** A clock that only work moves, and what waits for it. */
function createWorkClock() {
  let now = 0;
  const rests: { readonly milliseconds: number; readonly call: () => void }[] = [];
  return {
    work: (milliseconds: number) => void (now += milliseconds),
    rests,
    clock: {
      steady: () => now,
      after(milliseconds: number, call: () => void) {
        const rest = { milliseconds, call };
        rests.push(rest);
        return () => void rests.splice(rests.indexOf(rest), 1);
      },
    },
  };
}

it('one part in a turn of the event loop, in the order in which they were asked for', async () => {
  const turns = createTurns(createWorkClock());
  const done: number[] = [];
  for (const number of [1, 2, 3]) turns.request(() => done.push(number));
  expect(done).toEqual([]);
  const seen: number[][] = [];
  for (let loop = 0; loop < 4; loop++) {
    await setImmediate();
    seen.push([...done]);
  }
  expect(seen).toEqual([[1], [1, 2], [1, 2, 3], [1, 2, 3]]);
});

it('after work there is as long a rest', async () => {
  const { clock, work, rests } = createWorkClock();
  const turns = createTurns({ clock });
  const done: string[] = [];
  turns.request(() => {
    work(7);
    done.push('long');
    turns.request(() => done.push('its next part'));
  });
  turns.request(() => done.push('short'));
  await setImmediate();
  await setImmediate();
  expect(done).toEqual(['long']);
  expect(rests.map(({ milliseconds }) => milliseconds)).toEqual([7]);
  rests[0]?.call();
  await setImmediate();
  expect(done).toEqual(['long', 'short', 'its next part']);
  expect(rests).toHaveLength(1);
});

it('stopped, nothing has its turn any more', async () => {
  const { clock, work, rests } = createWorkClock();
  const turns = createTurns({ clock });
  const done: string[] = [];
  turns.request(() => work(2));
  turns.request(() => done.push('resting'));
  await setImmediate();
  turns.stop();
  expect(rests).toEqual([]);
  turns.request(() => done.push('after the stop'));
  await setImmediate();
  await setImmediate();
  expect(done).toEqual([]);
});
