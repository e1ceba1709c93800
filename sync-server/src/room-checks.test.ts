import { newDocumentId } from '@codesync/contract';
import { parseCursor, silentLogger } from '@codesync/storage';
import { createFakeClock } from '@codesync/storage/memory';
import { expect, it, vi } from 'vitest';
import { createRoomChecks, type CheckedRoom } from './room-checks.ts';

const SWEEP = 5_000;

function start(count: number) {
  const clock = createFakeClock();
  const warn = vi.fn();
  let answering = true;
  let running = 0;
  let most = 0;
  /** A question that takes a moment. */
  async function ask<Answer>(answer: () => Answer): Promise<Answer> {
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => {
      clock.after(1, resolve);
    });
    running -= 1;
    if (!answering) throw new Error('down');
    return answer();
  }
  const verified: CheckedRoom[] = [];
  const saved: CheckedRoom[] = [];
  const rooms = Array.from({ length: count }, () => {
    const room = {
      document: newDocumentId(),
      verifiedAt: clock.now(),
      unsavedSince: undefined as number | undefined,
      verify: () =>
        ask(() => {
          room.verifiedAt = clock.now();
          verified.push(room);
        }),
      saved: () => void saved.push(room),
    };
    return room;
  });
  const reach = vi.fn(() => ask(() => ({ cursor: parseCursor('1-0'), previous: undefined }) as never));
  const checks = createRoomChecks({
    rooms: () => rooms,
    snapshots: { reach },
    clock,
    logger: { ...silentLogger, warn },
  });
  async function sweep(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      await clock.advance(SWEEP);
      checks.sweep();
    }
    await clock.advance(100);
  }
  return {
    clock,
    checks,
    rooms,
    verified,
    saved,
    reach,
    warn,
    sweep,
    most: () => most,
    fail: (down: boolean) => void (answering = !down),
  };
}

it('R5: every room has its turn within half a minute, a share at each sweep, and a few at a time', async () => {
  const { rooms, verified, sweep, most } = start(600);
  await sweep(5);
  expect(verified).toEqual([]);
  await sweep(1);
  expect(verified).toHaveLength(100);
  await sweep(5);
  expect(new Set(verified).size).toBe(600);
  expect(most()).toBeLessThanOrEqual(16);
  await sweep(6);
  expect(verified.length).toBe(2 * rooms.length);
});

it('a log that is down is asked again at the next sweep, and reported once each time', async () => {
  const { verified, sweep, fail, warn } = start(600);
  fail(true);
  await sweep(8);
  expect(warn.mock.calls.length).toBeLessThanOrEqual(3);
  fail(false);
  await sweep(8);
  expect(new Set(verified).size).toBe(600);
});

it('R24: what is unsaved for long is asked for, and after missed notices everything is, a few at a time', async () => {
  const { clock, checks, rooms, saved, reach, sweep, most } = start(200);
  await sweep(1);
  const [room] = rooms;
  if (room === undefined) throw new Error('200 rooms');
  room.unsavedSince = clock.now();
  await sweep(2);
  expect(reach).not.toHaveBeenCalled();
  await sweep(1);
  expect(saved).toEqual([room]);
  await sweep(2);
  expect(saved).toEqual([room]);
  checks.missed();
  await clock.advance(100);
  expect(new Set(saved).size).toBe(200);
  expect(most()).toBeLessThanOrEqual(32);
});

it('R7: once in minutes everyone is asked for, for what was lost before it was heard of', async () => {
  const { saved, sweep } = start(50);
  await sweep(59);
  expect(saved).toEqual([]);
  await sweep(5);
  expect(new Set(saved).size).toBe(50);
});
