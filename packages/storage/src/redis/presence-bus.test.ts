// Presence over Redis when tasks die, hang and say goodbye, and what stays in Redis.
import { startRedis, type RedisServer } from '@codesync/backends';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createFakeClock } from '../memory/index.ts';
import { LOOK_INTERVAL } from './task-watch.ts';
import { createMortalClock } from './testing/mortal-clock.ts';
import { openPresenceRoom } from './testing/presence-room.ts';
import { everyoneSees, PATIENT, presenceWorld, WITHIN } from './testing/presence-world.ts';

let server: RedisServer;

beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

const world = presenceWorld(() => server);

it(
  'R11: several tasks that see one die tell its people as gone once, and whoever comes later is told no more than that',
  async () => {
    const clock = createMortalClock();
    const mortal = await world.startTask({ clock });
    await mortal.bus.publish(world.document, [
      { clientId: 1, clock: 4, state: 'ann' },
      { clientId: 2, clock: 9, state: 'ben' },
    ]);
    const rooms = await Promise.all([world.startRoom(), world.startRoom(), world.startRoom()]);
    await everyoneSees(rooms, { 1: 'ann', 2: 'ben' });
    clock.stop();
    await everyoneSees(rooms, {});
    for (const room of rooms) {
      expect(new Set(room.farewells())).toEqual(new Set([1, 2]));
      expect(room.farewells()).toHaveLength(2);
    }
    const late = await world.startRoom();
    expect(new Set(late.farewells())).toEqual(new Set([1, 2]));
    expect(late.heard).toHaveLength(2);
  },
  PATIENT,
);

it(
  'R11: who is left in Redis by tasks that died when nobody listened is told to nobody, and removed',
  async () => {
    const clock = createMortalClock();
    const mortal = await world.startTask({ clock });
    await mortal.bus.publish(world.document, [{ clientId: 1, clock: 4, state: 'ann' }]);
    const signs = await mortal.redis.commands.keys('codesync:{tasks}:*');
    clock.stop();
    const other = await world.startTask();
    await vi.waitFor(async () => expect(await other.redis.commands.exists(signs)).toBe(0), WITHIN);
    const room = await openPresenceRoom(other.bus, world.document);
    await vi.waitFor(async () => expect(await other.redis.commands.exists(world.presenceKey)).toBe(0), WITHIN);
    expect(room.present.size).toBe(0);
    expect(room.heard.filter(({ state }) => state !== null)).toEqual([]);
  },
  PATIENT,
);

it('R11: who was held back because their task gave no sign of life is told when it gives one', async () => {
  const clock = createFakeClock();
  const here = await world.startRoom({ clock });
  await here.enter(1, 'ann');
  const other = await world.startTask();
  await other.redis.commands.del(await other.redis.commands.keys('codesync:{tasks}:*'));
  const room = await openPresenceRoom(other.bus, world.document);
  expect(room.heard).toEqual([]);
  await clock.advance(LOOK_INTERVAL);
  await everyoneSees([room], { 1: 'ann' });
  expect(here.farewells()).toEqual([]);
});

it('a task that says goodbye is gone at once, and leaves nothing of itself in Redis', async () => {
  const leaving = await world.startTask();
  const staying = await world.startRoom();
  const room = await openPresenceRoom(leaving.bus, world.document);
  await room.enter(1, 'ann');
  await everyoneSees([staying], { 1: 'ann' });
  await leaving.bus.close();
  await everyoneSees([staying], {});
  expect(await leaving.redis.commands.exists(world.presenceKey)).toBe(0);
});

it('what vanishes from Redis without anybody noticing is published again within minutes, and lives there no longer than its task', async () => {
  const clock = createFakeClock();
  const here = await world.startTask({ clock });
  const room = await openPresenceRoom(here.bus, world.document);
  await room.enter(1, 'ann');
  await here.redis.commands.del(world.presenceKey);
  const begun = clock.now();
  await vi.waitFor(
    async () => {
      await clock.advance(LOOK_INTERVAL);
      expect(await here.redis.commands.exists(world.presenceKey)).toBe(1);
    },
    { ...WITHIN, interval: 1 },
  );
  expect(clock.now() - begun).toBeLessThan(5 * 60_000);
  expect(await here.redis.commands.pttl(world.presenceKey)).toBeGreaterThan(5 * 60_000);
  expect(await here.redis.commands.pttl(world.presenceKey)).toBeLessThanOrEqual(10 * 60_000);
});

it('garbage on the channel and in the records is left out, and everyone else is seen', async () => {
  const here = await world.startTask();
  const there = await world.startTask();
  const room = await openPresenceRoom(here.bus, world.document);
  const { commands } = there.redis;
  await there.bus.publish(world.document, [{ clientId: 1, clock: 1, state: 'ann' }]);
  for (const garbage of ['', 'x', '{}', '["x"]', '["x",[[2,1]]]', '["x",[[-2,1,"eve"]]]', '["x",[[2,1,7]]]']) {
    await commands.spublish(world.presenceKey, garbage);
  }
  await commands.hset(world.presenceKey, { 7: 'garbage', 8: '1 x {', x: '1 x [1,1,7]' });
  await there.bus.publish(world.document, [{ clientId: 3, clock: 1, state: 'cas' }]);
  const late = await openPresenceRoom(here.bus, world.document);
  await everyoneSees([room, late], { 1: 'ann', 3: 'cas' });
  await there.bus.publish(world.document, [{ clientId: 7, clock: 1, state: 'eve' }]);
  await everyoneSees([room, late], { 1: 'ann', 3: 'cas', 7: 'eve' });
});

it('R16: who has gone is forgotten in the end, however many they were', async () => {
  const { bus, redis } = await world.startTask();
  const room = await openPresenceRoom(bus, world.document);
  for (let clientId = 0; clientId < 1_000; clientId++) {
    await Promise.all([
      bus.publish(world.document, [{ clientId, clock: 1, state: 'ann' }]),
      bus.publish(world.document, [{ clientId, clock: 2, state: null }]),
    ]);
  }
  await everyoneSees([room], {});
  const goneKey = world.presenceKey.replace(':presence:', ':gone:');
  expect(await redis.commands.exists(world.presenceKey)).toBe(0);
  expect(await redis.commands.hlen(goneKey)).toBeLessThanOrEqual(256);
  expect(await redis.commands.pttl(goneKey)).toBeGreaterThan(0);
});
