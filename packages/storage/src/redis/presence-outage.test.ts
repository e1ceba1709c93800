// Presence over Redis while Redis is away, comes back empty, and while connections to it are cut.
import { startRedis, startTcpProxy, type RedisServer, type TcpProxy } from '@codesync/backends';
import { newDocumentId } from '@codesync/contract';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createFakeClock } from '../memory/index.ts';
import type { PresenceState } from '../presence-bus.ts';
import { LOOK_INTERVAL } from './task-watch.ts';
import { createMortalClock } from './testing/mortal-clock.ts';
import { openPresenceRoom } from './testing/presence-room.ts';
import { everyoneSees, PATIENT, presenceWorld, WITHIN } from './testing/presence-world.ts';

let server: RedisServer;
let proxy: TcpProxy;

beforeAll(async () => {
  server = await startRedis();
  proxy = await startTcpProxy(server);
});
afterAll(async () => {
  await proxy.stop();
  await server.stop();
});

const world = presenceWorld(() => server);

/** The connections that listen, and no others. */
const listens = (sent: Buffer): boolean => sent.includes('ssubscribe');

it(
  'R11: when Redis comes back empty everyone is seen again, by those who listened before and by those who come, and nobody flickers',
  async () => {
    const [here, there] = await Promise.all([world.startRoom(), world.startRoom()]);
    await here.enter(1, 'ann');
    await there.enter(2, 'ben');
    await everyoneSees([here, there], { 1: 'ann', 2: 'ben' });
    await server.kill();
    await server.start();
    await everyoneSees([await world.startRoom()], { 1: 'ann', 2: 'ben' });
    await here.enter(1, 'ann, line 2');
    await everyoneSees([here, there, await world.startRoom()], { 1: 'ann, line 2', 2: 'ben' });
    expect([...here.farewells(), ...there.farewells()]).toEqual([]);
  },
  PATIENT,
);

it(
  'R11: who died, and who left, while Redis was away is gone soon after it comes back empty',
  async () => {
    const clock = createMortalClock();
    const mortal = await world.startRoom({ clock });
    const [here, there] = await Promise.all([world.startRoom(), world.startRoom()]);
    await mortal.enter(1, 'ann');
    await here.enter(2, 'ben');
    await here.enter(3, 'cas');
    await everyoneSees([here, there], { 1: 'ann', 2: 'ben', 3: 'cas' });
    await server.kill();
    clock.stop();
    mortal.close();
    await expect(here.leave(2)).rejects.toThrow();
    await server.start();
    // Nobody is taken for dead right after an outage: a sign's life is added to the time that a death takes.
    await vi.waitFor(() => expect(Object.fromEntries(there.present)).toEqual({ 3: 'cas' }), 2 * WITHIN.timeout);
    await everyoneSees([here, await world.startRoom()], { 3: 'cas' });
  },
  PATIENT,
);

it(
  'while Redis is away publishing rejects; what was said last is told when it is back, also that someone left',
  async () => {
    const there = await world.startRoom();
    const cut = await world.startTask({ address: proxy });
    const others = Array.from({ length: 500 }, newDocumentId);
    await Promise.all(others.map((other) => cut.bus.publish(other, [{ clientId: 1, clock: 1, state: 'ann' }])));
    const here = await openPresenceRoom(cut.bus, world.document);
    await here.enter(1, 'ann');
    await here.enter(2, 'ben');
    await everyoneSees([there], { 1: 'ann', 2: 'ben' });
    proxy.refuse(true);
    proxy.drop((sent) => !listens(sent));
    await expect(here.enter(1, 'ann, line 2')).rejects.toThrow('The other tasks could not be told who is present.');
    await expect(here.leave(2)).rejects.toThrow();
    await expect(here.enter(3, 'cas')).rejects.toThrow();
    await expect(cut.bus.subscribe(newDocumentId(), () => {})).rejects.toThrow();
    proxy.refuse(false);
    await everyoneSees([there, await world.startRoom()], { 1: 'ann, line 2', 3: 'cas' });
  },
  PATIENT,
);

it(
  'R11: a task that was cut off for so long that it was taken for dead is seen again, and sees the others as they are',
  async () => {
    const there = await world.startRoom();
    const here = await world.startRoom({ address: proxy });
    await here.enter(1, 'ann');
    await there.enter(2, 'ben');
    await everyoneSees([here, there], { 1: 'ann', 2: 'ben' });
    proxy.stall();
    await everyoneSees([there], { 2: 'ben' });
    await there.leave(2);
    await there.enter(3, 'cas');
    // Nobody flickers for those who were cut off: what they know holds until they hear otherwise.
    expect(Object.fromEntries(here.present)).toEqual({ 1: 'ann', 2: 'ben' });
    proxy.flow();
    await everyoneSees([here, there, await world.startRoom()], { 1: 'ann', 3: 'cas' });
  },
  PATIENT,
);

it(
  'what a listener missed while its subscription was down, and its commands were not, it is told afterwards',
  async () => {
    const there = await world.startRoom();
    const here = await world.startRoom({ address: proxy });
    await there.enter(1, 'ann');
    await there.enter(2, 'ben');
    await everyoneSees([here], { 1: 'ann', 2: 'ben' });
    proxy.stall(listens);
    await here.enter(4, 'dan');
    await there.enter(1, 'ann, line 2');
    await there.leave(2);
    await there.enter(3, 'cas');
    await everyoneSees([there], { 1: 'ann, line 2', 3: 'cas', 4: 'dan' });
    expect(Object.fromEntries(here.present)).toEqual({ 1: 'ann', 2: 'ben', 4: 'dan' });
    proxy.drop(listens);
    proxy.flow();
    await everyoneSees([here], { 1: 'ann, line 2', 3: 'cas', 4: 'dan' });
  },
  PATIENT,
);

it(
  'R10: who moved to another task and left there is not brought back by a task that did not hear of it',
  async () => {
    const here = await world.startTask({ address: proxy });
    const there = await world.startTask();
    const room = await openPresenceRoom(here.bus, world.document);
    await here.bus.publish(world.document, [
      { clientId: 1, clock: 1, state: 'ann' },
      { clientId: 4, clock: 1, state: 'dan' },
    ]);
    await everyoneSees([room], { 1: 'ann', 4: 'dan' });
    proxy.stall(listens);
    await there.bus.publish(world.document, [{ clientId: 1, clock: 2, state: 'ann, elsewhere' }]);
    await there.bus.publish(world.document, [{ clientId: 1, clock: 3, state: null }]);
    expect(Object.fromEntries(room.present)).toEqual({ 1: 'ann', 4: 'dan' });
    proxy.drop(listens);
    proxy.flow();
    await everyoneSees([room, await openPresenceRoom(there.bus, world.document)], { 4: 'dan' });
    // Nor by one that heard of it, when Redis does not know any more.
    await there.redis.commands.flushall();
    await vi.waitFor(async () => expect(await there.redis.commands.exists(world.presenceKey)).toBe(1), WITHIN);
    await everyoneSees([await world.startRoom()], { 4: 'dan' });
  },
  PATIENT,
);

it(
  'R11: when Redis forgets everything while connections hold, everyone is seen again within seconds',
  async () => {
    const [here, there] = await Promise.all([world.startTask(), world.startTask()]);
    const rooms = await Promise.all([
      openPresenceRoom(here.bus, world.document),
      openPresenceRoom(there.bus, world.document),
    ]);
    await rooms[0].enter(1, 'ann');
    await rooms[1].enter(2, 'ben');
    await rooms[0].enter(3, 'cas');
    await everyoneSees(rooms, { 1: 'ann', 2: 'ben', 3: 'cas' });
    await rooms[1].enter(3, 'cas, elsewhere');
    await everyoneSees(rooms, { 1: 'ann', 2: 'ben', 3: 'cas, elsewhere' });
    await rooms[1].leave(3);
    const others = Array.from({ length: 500 }, newDocumentId);
    await Promise.all(others.map((other) => here.bus.publish(other, [{ clientId: 1, clock: 1, state: 'ann' }])));
    await everyoneSees(rooms, { 1: 'ann', 2: 'ben' });
    await here.redis.commands.flushall();
    await vi.waitFor(async () => {
      expect(await here.redis.commands.hlen(world.presenceKey)).toBe(2);
      expect(await here.redis.commands.keys('*:presence:*')).toHaveLength(1 + others.length);
    }, WITHIN);
    await everyoneSees([...rooms, await world.startRoom()], { 1: 'ann', 2: 'ben' });
    expect(rooms.map((room) => room.farewells())).toEqual([[3], [3]]);
  },
  PATIENT,
);

it(
  'R10: a task that publishes a client with an older clock than others saw it go is told so, at once or when Redis is back, and can say otherwise',
  async () => {
    const { bus } = await world.startTask();
    const cut = await world.startTask({ address: proxy });
    await bus.publish(
      world.document,
      [1, 2].map((clientId) => ({ clientId, clock: 100, state: null })),
    );
    const heard: PresenceState[] = [];
    await cut.bus.subscribe(world.document, (states) => heard.push(...states));
    heard.length = 0;
    await cut.bus.publish(world.document, [{ clientId: 1, clock: 50, state: 'ann' }]);
    expect(heard).toEqual([{ clientId: 1, clock: 100, state: null }]);
    heard.length = 0;
    proxy.refuse(true);
    proxy.drop();
    await expect(cut.bus.publish(world.document, [{ clientId: 2, clock: 50, state: 'ben' }])).rejects.toThrow();
    proxy.refuse(false);
    await vi.waitFor(() => expect(heard).toContainEqual({ clientId: 2, clock: 100, state: null }), WITHIN);
    await cut.bus.publish(
      world.document,
      [1, 2].map((clientId) => ({ clientId, clock: 101, state: 'here' })),
    );
    await everyoneSees([await openPresenceRoom(bus, world.document)], { 1: 'here', 2: 'here' });
  },
  PATIENT,
);

it('R11: right after an outage nobody is taken for dead who comes back a little later', async () => {
  const clock = createFakeClock();
  const lateClock = createFakeClock();
  const here = await world.startTask({ clock });
  const room = await openPresenceRoom(here.bus, world.document);
  const late = await world.startRoom({ clock: lateClock });
  await late.enter(1, 'ann');
  await everyoneSees([room], { 1: 'ann' });

  async function look(times: number): Promise<void> {
    for (let time = 0; time < times; time++) {
      await clock.advance(LOOK_INTERVAL);
      await vi.waitFor(() => expect(clock.pending()).toBe(1));
    }
    await here.redis.check();
  }

  await here.redis.commands.flushall();
  await look(4);
  await lateClock.advance(LOOK_INTERVAL);
  await everyoneSees([await world.startRoom()], { 1: 'ann' });
  await look(4);
  expect(room.farewells()).toEqual([]);
});
