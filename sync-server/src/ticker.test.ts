import { silentLogger } from '@codesync/storage';
import { createFakeClock } from '@codesync/storage/memory';
import { expect, it } from 'vitest';
import { createTicker } from './ticker.ts';

it('a job that was asked for often is called once a tick, and an idle ticker has no timer', async () => {
  const clock = createFakeClock();
  const ticker = createTicker({ clock, logger: silentLogger }, 40);
  let calls = 0;
  const job = (): void => void (calls += 1);
  expect(clock.pending()).toBe(0);
  ticker.request(job);
  ticker.request(job);
  expect(clock.pending()).toBe(1);
  await clock.advance(39);
  expect(calls).toBe(0);
  await clock.advance(1);
  expect(calls).toBe(1);
  expect(clock.pending()).toBe(0);
});

it('a job that throws does not keep the others from being called', async () => {
  const clock = createFakeClock();
  const ticker = createTicker({ clock, logger: silentLogger }, 40);
  let called = false;
  ticker.request(() => {
    throw new Error('defect');
  });
  ticker.request(() => void (called = true));
  await clock.advance(40);
  expect(called).toBe(true);
});

it('stopping calls what was asked for, and nothing more', async () => {
  const clock = createFakeClock();
  const ticker = createTicker({ clock, logger: silentLogger }, 40);
  let calls = 0;
  ticker.request(() => void (calls += 1));
  ticker.stop();
  expect(calls).toBe(1);
  ticker.request(() => void (calls += 1));
  await clock.advance(100);
  expect(calls).toBe(1);
});

it('R11: a process that stood still hears what it missed before it tells what it knew', async () => {
  const fake = createFakeClock();
  let stoodStill = 0;
  const clock = { ...fake, steady: () => fake.now() + stoodStill };
  const ticker = createTicker({ clock, logger: silentLogger }, 40);
  let calls = 0;
  ticker.request(() => void (calls += 1));
  stoodStill = 17_000;
  await fake.advance(40);
  expect(calls).toBe(0);
  await fake.advance(40);
  expect(calls).toBe(1);
  expect(fake.pending()).toBe(0);
});
