import { expect, it } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

it('time stands still until it is advanced, then moves by exactly that much', async () => {
  const clock = createFakeClock(1_000);
  expect(clock.now()).toBe(1_000);
  await clock.advance(250);
  expect(clock.now()).toBe(1_250);
});

it('calls come in due order, each at its own time, and those due together in the order they were set', async () => {
  const clock = createFakeClock(0);
  const calls: string[] = [];
  for (const [name, due] of [
    ['c', 30],
    ['a', 10],
    ['b1', 20],
    ['b2', 20],
    ['late', 31],
  ] as const) {
    clock.after(due, () => calls.push(`${name} at ${clock.now()}`));
  }
  await clock.advance(30);
  expect(calls).toEqual(['a at 10', 'b1 at 20', 'b2 at 20', 'c at 30']);
  expect(clock.pending()).toBe(1);
});

it('a call set by a call, or by a promise that it settled, comes in the same advance when it is due', async () => {
  const clock = createFakeClock(0);
  const calls: number[] = [];
  clock.after(10, () => {
    void Promise.resolve()
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(() => clock.after(10, () => calls.push(clock.now())));
  });
  await clock.advance(25);
  expect(calls).toEqual([20]);
});

it('promises settle before the first call, so that what they set is in time', async () => {
  const clock = createFakeClock(0);
  const calls: number[] = [];
  void Promise.resolve().then(() => clock.after(5, () => calls.push(clock.now())));
  await clock.advance(10);
  expect(calls).toEqual([5]);
});

it('a cancelled call never comes; cancelling twice or too late is harmless', async () => {
  const clock = createFakeClock(0);
  const calls: string[] = [];
  const cancel = clock.after(5, () => calls.push('cancelled'));
  const tooLate = clock.after(5, () => calls.push('called'));
  cancel();
  cancel();
  await clock.advance(5);
  tooLate();
  expect(calls).toEqual(['called']);
  expect(clock.pending()).toBe(0);
});

it('what a call throws comes out of advance', async () => {
  const clock = createFakeClock(0);
  clock.after(1, () => {
    throw new Error('a call that throws');
  });
  await expect(clock.advance(1)).rejects.toThrow('a call that throws');
});
