// The socket against a network that the test plays, on a clock that it advances.
import { CLOSE, MESSAGE } from '@codesync/contract';
import { describe, expect, it } from 'vitest';
import { createDocumentSocket } from './socket.ts';
import { createFakeClock } from './testing/fake-clock.ts';
import { createFakeNetwork } from './testing/fake-network.ts';

function open(random = 1) {
  const clock = createFakeClock();
  const network = createFakeNetwork();
  const seen: (string | number | undefined)[] = [];
  const socket = createDocumentSocket(
    { connect: network.connect, onWake: network.onWake, clock, random: () => random },
    {
      opened: () => seen.push('opened'),
      received: (frame) => seen.push(`received ${frame.length}`),
      lost: (refusal) => seen.push(refusal === undefined ? 'lost' : refusal),
    },
  );
  const pings = () => network.last().sent.filter((frame) => frame[0] === MESSAGE.ping).length;
  return { clock, network, seen, socket, pings };
}

const pong = new Uint8Array([MESSAGE.ping]);

describe('coming back', () => {
  it('the delay doubles from 100 ms to 10 s while the server is away', () => {
    const { clock, network } = open();
    const delays: number[] = [];
    for (let attempt = 0; attempt < 9; attempt++) {
      network.last().events.closed(1006);
      const before = clock.now();
      const count = network.connections.length;
      while (network.connections.length === count) clock.advance(50);
      delays.push(clock.now() - before);
    }
    expect(delays).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });

  it('the delay is random down to nothing, so that clients of a restarted server do not come back together', () => {
    const { clock, network } = open(0);
    for (let attempt = 0; attempt < 5; attempt++) network.last().events.closed(CLOSE.restarting);
    clock.advance(0);
    expect(network.connections).toHaveLength(2);
  });

  it('only a completed join makes the back-off start anew: a server that closes after the upgrade is left in peace', () => {
    const { clock, network, socket } = open();
    for (let attempt = 0; attempt < 3; attempt++) {
      network.last().events.opened();
      network.last().events.closed(CLOSE.tryAgain);
      clock.advance(10_000);
      clock.advance(0);
    }
    network.last().events.opened();
    socket.settled();
    network.last().events.closed(1006);
    const count = network.connections.length;
    clock.advance(100);
    expect(network.connections).toHaveLength(count + 1);
  });

  it('a waking page does not wait out the delay', () => {
    const { clock, network } = open();
    for (let attempt = 0; attempt < 8; attempt++) {
      network.last().events.closed(1006);
      clock.advance(10_000);
    }
    network.last().events.closed(1006);
    const count = network.connections.length;
    network.wake();
    expect(network.connections).toHaveLength(count + 1);
  });

  it('an attempt that neither opens nor fails is given up after 10 s', () => {
    const { clock, network, seen } = open();
    clock.advance(10_000);
    expect(network.last().isClosed).toBe(true);
    clock.advance(100);
    expect(network.connections).toHaveLength(2);
    expect(seen).toEqual([]);
  });

  it.each([4400, 4401, 4403, 4404, 4413, 4499])('a close with %i is final', (code) => {
    const { clock, network, seen } = open();
    network.last().events.opened();
    network.last().events.closed(code);
    clock.advance(60_000);
    network.wake();
    expect(network.connections).toHaveLength(1);
    expect(seen).toEqual(['opened', code]);
  });

  it.each([1006, 1011, 1012, 1013, 4503])('a close with %i is not', (code) => {
    const { clock, network, seen } = open();
    network.last().events.opened();
    network.last().events.closed(code);
    clock.advance(10_000);
    expect(network.connections.length).toBeGreaterThan(1);
    expect(seen).toEqual(['opened', 'lost']);
  });

  it('after close() nothing is tried and nothing is heard', () => {
    const { clock, network, seen, socket } = open();
    network.last().events.opened();
    socket.close();
    network.last().events.received(pong);
    network.last().events.closed(1006);
    clock.advance(60_000);
    network.wake();
    expect(network.connections).toHaveLength(1);
    expect(seen).toEqual(['opened']);
    expect(socket.send(pong)).toBe(false);
  });
});

describe('a dead link', () => {
  it('is said within 8 s of the last sign of life', () => {
    const { clock, network, seen, socket } = open();
    network.last().events.opened();
    socket.settled();
    clock.advance(3_999);
    network.last().events.received(pong);
    clock.advance(7_000);
    expect(seen.at(-1)).toBe('lost');
    expect(network.connections[0]?.isClosed).toBe(true);
  });

  it('is not a quiet one that answers', () => {
    const { clock, network, seen, socket, pings } = open();
    network.last().events.opened();
    socket.settled();
    for (let round = 0; round < 20; round++) {
      clock.advance(4_000);
      network.last().events.received(pong);
    }
    expect(pings()).toBeGreaterThan(10);
    expect(seen).not.toContain('lost');
  });

  it('is asked for only in silence', () => {
    const { clock, network, pings } = open();
    network.last().events.opened();
    for (let second = 0; second < 60; second++) {
      network.last().events.received(pong);
      clock.advance(1_000);
    }
    expect(pings()).toBe(0);
  });

  it('is not hidden by the ping’s own bytes, which leave for the system’s buffers', () => {
    const { clock, network, seen, socket } = open();
    network.last().events.opened();
    socket.settled();
    clock.advance(4_000);
    network.last().buffered = 0;
    clock.advance(3_000);
    expect(seen.at(-1)).toBe('lost');
  });

  it('is not a slow uplink whose bytes still leave', () => {
    const { clock, network, seen, socket } = open();
    network.last().events.opened();
    socket.settled();
    for (let left = 10; left > 0; left--) {
      network.last().buffered = left * 100_000;
      clock.advance(3_000);
    }
    expect(seen).toEqual(['opened']);
    clock.advance(7_000);
    expect(seen.at(-1)).toBe('lost');
  });

  it('is found at once when the page wakes, however often it does', () => {
    const { clock, network, seen, socket } = open();
    network.last().events.opened();
    socket.settled();
    for (let flips = 0; flips < 10; flips++) {
      network.wake();
      clock.advance(300);
    }
    expect(seen.at(-1)).toBe('lost');
  });
});
