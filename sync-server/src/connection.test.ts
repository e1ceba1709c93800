import { CLOSE, MESSAGE, SERVER_SILENCE } from '@codesync/contract';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { startConnections } from './testing/connection-parts.ts';
import { awarenessFrame, createTypist, updateFrameOf } from './testing/typist.ts';

describe('connection', () => {
  it('R9: on opening it tells role and generation, asks for what the client has, and tells who is there', async () => {
    const { clock, arrive } = startConnections();
    const ben = arrive();
    await ben.open('owner', 'Ben');
    ben.connection.receive(awarenessFrame({ clientId: 5, clock: 0, state: {} }), true);
    await clock.advance(40);
    const ada = arrive();
    await ada.open();
    expect(ada.socket.take()).toMatchObject([
      { kind: 'role', text: 'editor' },
      { kind: 'generation', text: 'g1' },
      { kind: 'step-1' },
      { kind: 'presence', states: [{ clientId: 5, state: { user: { name: 'Ben', role: 'owner' } } }] },
    ]);
  });

  it('R9: a client that did not ask for our messages gets none', async () => {
    const { rooms, arrive } = startConnections();
    const { socket, connection, open } = arrive({}, false);
    await open();
    connection.receive(updateFrameOf(createTypist().type('x')), true);
    connection.receive(Uint8Array.of(MESSAGE.ping), true);
    await rooms.settled();
    expect(socket.take().map(({ kind }) => kind)).toEqual(['step-1']);
  });

  it('what a client says while its document loads is not lost', async () => {
    const { rooms, arrive, logged } = startConnections();
    const { socket, connection, open } = arrive();
    const typist = createTypist();
    connection.receive(typist.step1(), true);
    connection.receive(updateFrameOf(typist.type('early')), true);
    expect(connection.phase).toBe('arriving');
    await open();
    await rooms.settled();
    expect(await logged()).toBe('early');
    expect(socket.take().map(({ kind }) => kind)).toEqual(['role', 'generation', 'step-1', 'step-2', 'logged']);
  });

  it('R1: what cannot be read without an update that has not come is acknowledged together with it', async () => {
    const { rooms, arrive, logged } = startConnections();
    const { socket, connection, open } = arrive();
    await open();
    const typist = createTypist();
    typist.type('typed offline, ');
    // Stock clients type on before they have answered our step 1.
    connection.receive(updateFrameOf(typist.type('and back')), true);
    await rooms.settled();
    expect(socket.take().map(({ kind }) => kind)).toEqual(['role', 'generation', 'step-1']);
    connection.receive(typist.step2(Uint8Array.of(0)), true);
    await rooms.settled();
    expect(await logged()).toBe('typed offline, and back');
    expect(socket.take()).toEqual([{ kind: 'logged', count: 2 }]);
  });

  it('R1: so is what stands on the words of somebody who did not come back', async () => {
    const { rooms, arrive, logged } = startConnections();
    const [ben, ada] = [createTypist(1), createTypist(2)];
    // Shown to her while the log was down (R8), on a task that has died.
    Y.applyUpdate(ada.doc, ben.type('of ben, '));
    const { socket, connection, open } = arrive();
    await open();
    connection.receive(updateFrameOf(ada.type('of ada')), true);
    await rooms.settled();
    expect(socket.take().map(({ kind }) => kind)).toEqual(['role', 'generation', 'step-1']);
    connection.receive(ada.step2(Uint8Array.of(0)), true);
    await rooms.settled();
    expect(await logged()).toBe('of ben, of ada');
    expect(socket.take()).toEqual([{ kind: 'logged', count: 2 }]);
  });

  it('R16: a client that says much while its document loads is not read until it is loaded', async () => {
    const { arrive } = startConnections();
    const { socket, connection, open } = arrive();
    for (let i = 0; i < 3; i++) connection.receive(new Uint8Array(100_000).fill(99), true);
    expect(socket.paused).toBe(true);
    await open();
    expect(socket.paused).toBe(false);
  });

  it('is syncing until our step 1 is answered', async () => {
    const { arrive } = startConnections();
    const { connection, open } = arrive();
    await open();
    expect(connection.phase).toBe('syncing');
    connection.receive(createTypist().step2(Uint8Array.of(0)), true);
    expect(connection.phase).toBe('live');
    connection.ended();
    expect(connection.phase).toBe('closing');
  });

  it('a malformed frame closes with 4400, and nothing after it counts', async () => {
    const { rooms, arrive, logged } = startConnections();
    const { socket, connection, open } = arrive();
    await open();
    const typist = createTypist();
    connection.receive(Uint8Array.of(0, 7), true);
    connection.receive(updateFrameOf(typist.type('late')), true);
    await rooms.settled();
    expect(socket.closed).toBe(CLOSE.malformed);
    expect(await logged()).toBe('');
  });

  it('R17: a message over the limit closes with 4413', async () => {
    const { arrive } = startConnections();
    const { socket, connection } = arrive({ messageBytes: 1_000 });
    connection.receive(new Uint8Array(1_001), true);
    expect(socket.closed).toBe(CLOSE.tooLarge);
  });

  it('R17: above its rate a socket is read more slowly, and closed with 1013 when that goes on', async () => {
    const { clock, arrive } = startConnections();
    const rate = { messagesPerSecond: 10, burstMessages: 20, bytesPerSecond: 1e6, burstBytes: 1e6, patience: 30_000 };
    const { socket, connection, open } = arrive({ rate });
    await open();
    for (let i = 0; i < 20; i++) connection.receive(Uint8Array.of(99), true);
    expect(socket.paused).toBe(false);
    connection.receive(Uint8Array.of(99), true);
    expect(socket.paused).toBe(true);
    await clock.advance(200);
    expect(socket.paused).toBe(false);
    const begun = clock.now();
    while (socket.closed === undefined) {
      for (let i = 0; i < 10; i++) connection.receive(Uint8Array.of(99), true);
      await clock.advance(1_000);
    }
    expect(socket.closed).toBe(CLOSE.tryAgain);
    expect(clock.now() - begun).toBeGreaterThan(25_000);
  });

  it('R9: it says something at least every 20 s', async () => {
    const { clock, arrive } = startConnections();
    const { socket, connection, open } = arrive();
    await open();
    let spokeAt = clock.now();
    for (let passed = 0; passed < 120; passed += 5) {
      await clock.advance(5_000);
      connection.heard();
      connection.sweep();
      if (socket.take().length > 0) spokeAt = clock.now();
      expect(clock.now() - spokeAt).toBeLessThan(SERVER_SILENCE);
    }
  });

  it('a peer that answers neither message nor ping is ended, and its cursor with it', async () => {
    const { clock, arrive, sweep } = startConnections();
    const dead = arrive();
    await dead.open('editor', 'Ghost');
    dead.connection.receive(awarenessFrame({ clientId: 5, clock: 0, state: {} }), true);
    const ada = arrive();
    await ada.open();
    await sweep(dead.connection, 40);
    expect([dead.socket.terminated, dead.socket.pings]).toEqual([false, 5]);
    dead.connection.heard();
    await sweep(dead.connection, 40);
    expect(dead.socket.terminated).toBe(false);
    await sweep(dead.connection, 10);
    expect(dead.socket.terminated).toBe(true);
    await clock.advance(40);
    expect(ada.socket.take().at(-1)).toMatchObject({ kind: 'presence', states: [{ clientId: 5, state: null }] });
  });

  it('R11: who comes back is told who has gone meanwhile, once they have said who they are, and never that they have gone themselves', async () => {
    const { clock, arrive } = startConnections();
    const [ada, ben, keeper] = [arrive(), arrive(), arrive()];
    await keeper.open();
    await ada.open();
    await ben.open('editor', 'Ben');
    ada.connection.receive(awarenessFrame({ clientId: 5, clock: 0, state: {} }), true);
    ben.connection.receive(awarenessFrame({ clientId: 6, clock: 0, state: {} }), true);
    await clock.advance(40);
    ada.connection.ended();
    ben.connection.ended();
    await clock.advance(1_000);
    const again = arrive();
    await again.open();
    expect(again.socket.take().some(({ kind }) => kind === 'presence')).toBe(false);
    again.connection.receive(awarenessFrame({ clientId: 5, clock: 0, state: {} }), true);
    expect(again.socket.take()).toMatchObject([{ kind: 'presence', states: [{ clientId: 6, state: null }] }]);
    again.connection.receive(awarenessFrame({ clientId: 5, clock: 1, state: {} }), true);
    await clock.advance(40);
    expect(again.socket.take()).toEqual([]);
  });

  it('R11: who comes back to a task that did not have the document is told who has gone meanwhile, too', async () => {
    const { clock, document, presence, arrive } = startConnections();
    const elsewhere = presence.connect();
    const people = [5, 6].map((clientId) => ({ clientId, clock: 1_024, state: '{}' }));
    await elsewhere.publish(document, people);
    await elsewhere.publish(
      document,
      people.map((one) => ({ ...one, state: null })),
    );
    const back = arrive();
    await back.open();
    await clock.advance(100);
    expect(back.socket.take().some(({ kind }) => kind === 'presence')).toBe(false);
    back.connection.receive(awarenessFrame({ clientId: 5, clock: 0, state: {} }), true);
    expect(back.socket.take()).toMatchObject([{ kind: 'presence', states: [{ clientId: 6, state: null }] }]);
  });

  it('R7: who owes an answer when the log lost something is asked once more after it, and a viewer is not asked', async () => {
    const { clock, log, arrive } = startConnections();
    const [ada, ben, eve] = [arrive(), arrive(), arrive()];
    await ada.open();
    await ben.open();
    await eve.open('viewer');
    const typist = createTypist();
    ben.connection.receive(typist.step2(Uint8Array.of(0)), true);
    ben.connection.receive(updateFrameOf(typist.type('lost')), true);
    await clock.advance(0);
    for (const { socket } of [ada, ben, eve]) socket.take();
    log.loseAll();
    await clock.advance(400);
    const asked = () =>
      [ada, ben, eve].map(({ socket }) => socket.take().filter(({ kind }) => kind === 'step-1').length);
    expect(asked()).toEqual([0, 1, 0]);
    ada.connection.receive(createTypist().step2(Uint8Array.of(0)), true);
    ben.connection.receive(typist.step2(Uint8Array.of(0)), true);
    expect(asked()).toEqual([1, 0, 0]);
    expect([ada.connection.phase, ben.connection.phase]).toEqual(['syncing', 'live']);
  });

  it('R15: a document that does not load closes with 4503', async () => {
    const { arrive, sweep } = startConnections();
    const { socket, connection } = arrive();
    await sweep(connection, 15);
    expect(socket.closed).toBe(CLOSE.unavailable);
  });

  it('one that closed while its document loaded holds no room', async () => {
    const { clock, rooms, arrive } = startConnections();
    const { connection, open } = arrive();
    connection.ended();
    await open();
    await clock.advance(0);
    expect(rooms.size).toBe(0);
  });

  it('idle connections and rooms have no timers', async () => {
    const { clock, arrive } = startConnections();
    const first = arrive();
    await first.open();
    for (let i = 0; i < 10; i++) await arrive().open();
    first.connection.receive(updateFrameOf(createTypist().type('logged, and in no snapshot')), true);
    await clock.advance(1_000);
    expect(clock.pending()).toBe(0);
  });
});
