import { CLOSE } from '@codesync/contract';
import { silentLogger } from '@codesync/storage';
import { createFakeClock } from '@codesync/storage/memory';
import { describe, expect, it } from 'vitest';
import { EMPTY_UPDATE, loggedFrame, presenceFrame, presencePart, updateFrame } from './frames.ts';
import { createOutbox } from './outbox.ts';
import { createFakeSocket } from './testing/fake-socket.ts';
import { createTicker } from './ticker.ts';
import { concatenate } from './yjs/update-parts.ts';

const LIMITS = { budget: 1_000, presenceBudget: 200, patience: 30_000 };

/** A document of numbered updates of 100 bytes; a state vector is the number of the first that is lacking. */
function start() {
  const clock = createFakeClock();
  const socket = createFakeSocket();
  const updates: Uint8Array[] = [];
  let made = 0;
  let closed: number | undefined;
  const outbox = createOutbox(
    {
      socket,
      clock,
      ticker: createTicker({ clock, logger: silentLogger }, 40),
      source: {
        get version() {
          return updates.length;
        },
        get stateVector() {
          return Uint8Array.of(updates.length);
        },
        *updatesFor([from = 0]) {
          for (const update of updates.slice(from)) {
            made += 1;
            yield [update];
          }
        },
        presenceOf: (clients) => [presenceFrame(Array.from(clients, (id) => presencePart(id, 9, '{"at":"newest"}')))],
      },
      close: (code) => void (closed = code),
    },
    LIMITS,
  );
  return {
    clock,
    socket,
    outbox,
    closedWith: () => closed,
    /** Updates that were made for somebody. */
    made: () => made,
    write: (count: number) => {
      for (let i = 0; i < count; i++) {
        const update = new Uint8Array(100).fill(updates.length);
        updates.push(update);
        outbox.deliver([concatenate(updateFrame([update]))]);
      }
    },
    /** The updates that came, by their numbers. */
    numbers: () =>
      socket.take().flatMap((heard) => ('bytes' in heard && heard.bytes.length > 2 ? [heard.bytes[0]] : [])),
    drain: () => {
      socket.buffered = 0;
      outbox.drained();
    },
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('outbox', () => {
  it('R9: a step 1 is answered by all that is lacking and then a step 2, also when nothing is', () => {
    const { outbox, socket, write } = start();
    outbox.sync(Uint8Array.of(0));
    expect(socket.take()).toEqual([{ kind: 'step-2', bytes: concatenate(EMPTY_UPDATE) }]);
    write(3);
    socket.take();
    const other = start();
    other.write(3);
    other.socket.take();
    other.outbox.sync(Uint8Array.of(1));
    expect(other.socket.take().map((heard) => [heard.kind, 'bytes' in heard && heard.bytes[0]])).toEqual([
      ['update', 1],
      ['step-2', 2],
    ]);
  });

  it('R16: a slow reader costs no more than its budget, misses nothing, and gets what it missed when it reads', () => {
    const { socket, write, drain, numbers } = start();
    socket.isSlow = true;
    write(500);
    expect(socket.buffered).toBeLessThan(LIMITS.budget + 200);
    const got = numbers();
    for (let rounds = 0; rounds < 1_000 && got.length < 500; rounds++) {
      drain();
      expect(socket.buffered).toBeLessThan(LIMITS.budget + 200);
      got.push(...numbers());
    }
    expect(got).toEqual(upTo(500).map((n) => n % 256));
  });

  it('R16: what is written while a reader is being caught up comes after it, once', () => {
    const { socket, write, drain, numbers } = start();
    socket.isSlow = true;
    write(30);
    const got = numbers();
    drain();
    write(30);
    got.push(...numbers());
    for (let rounds = 0; rounds < 50; rounds++) {
      drain();
      got.push(...numbers());
    }
    expect(got).toEqual(upTo(60));
    socket.isSlow = false;
    write(1);
    expect(numbers()).toEqual([60]);
  });

  it('R16: a big join is made and goes out piece by piece, its step 2 last', () => {
    const { socket, outbox, write, drain, made } = start();
    write(100);
    socket.take();
    socket.isSlow = true;
    outbox.sync(Uint8Array.of(0));
    expect(socket.buffered).toBeLessThan(LIMITS.budget);
    expect(made()).toBeLessThan(10);
    const kinds: string[] = [];
    for (let rounds = 0; rounds < 100; rounds++) {
      kinds.push(...socket.take().map(({ kind }) => kind));
      drain();
    }
    expect(kinds).toEqual([...Array<string>(99).fill('update'), 'step-2']);
  });

  it('R9: step 1s that come while one is being answered are each answered by a step 2, the document read once more', async () => {
    const { clock, socket, outbox, write, drain } = start();
    write(50);
    socket.take();
    socket.isSlow = true;
    for (let i = 0; i < 4; i++) outbox.sync(Uint8Array.of(0));
    const kinds: string[] = [];
    for (let rounds = 0; rounds < 100; rounds++) {
      kinds.push(...socket.take().map(({ kind }) => kind));
      await clock.advance(40);
      drain();
    }
    expect(kinds.filter((kind) => kind === 'step-2')).toHaveLength(4);
    expect(kinds.filter((kind) => kind === 'update')).toHaveLength(98);
  });

  it('presence waits for a slow reader, and only its newest counts', () => {
    const { socket, outbox, drain } = start();
    const old = presenceFrame([presencePart(1, 1, '{"at":"old"}')]);
    socket.isSlow = true;
    for (let i = 0; i < 100; i++) outbox.presence([old], [1, 2]);
    const before = socket.take().length;
    expect(before).toBeLessThan(20);
    drain();
    expect(socket.take()).toMatchObject([
      {
        kind: 'presence',
        states: [
          { clientId: 1, state: { at: 'newest' } },
          { clientId: 2, state: { at: 'newest' } },
        ],
      },
    ]);
    drain();
    expect(socket.take()).toEqual([]);
  });

  it('R16: a reader that takes nothing is closed with 1013; one that takes a little is not', async () => {
    const { clock, socket, outbox, write, closedWith } = start();
    socket.isSlow = true;
    write(20);
    for (let seconds = 0; seconds < 60; seconds += 5) {
      await clock.advance(5_000);
      outbox.sweep();
    }
    expect(closedWith()).toBe(CLOSE.tryAgain);

    const slow = start();
    slow.socket.isSlow = true;
    slow.write(20);
    for (let seconds = 0; seconds < 300; seconds += 5) {
      await slow.clock.advance(5_000);
      slow.write(200);
      if (seconds % 20 === 0) slow.drain();
      slow.outbox.sweep();
    }
    expect(slow.closedWith()).toBeUndefined();
  });

  it('R16: even what must arrive is not kept without bound', () => {
    const { socket, outbox, closedWith } = start();
    socket.isSlow = true;
    for (let i = 0; i < 1_500 && closedWith() === undefined; i++) outbox.send(loggedFrame(i));
    expect(closedWith()).toBe(CLOSE.tryAgain);
    expect(socket.buffered).toBeLessThan(2 * LIMITS.budget + 10);
  });
});
