import { MESSAGE } from '@codesync/contract';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import {
  MalformedFrame,
  presenceFrame,
  QUIET_FRAME,
  readFrame,
  stepOneFrame,
  stepTwoFrame,
  updateFrame,
} from './frames.ts';
import { tellingClock } from './presence-clock.ts';
import { hear } from './testing/fake-socket.ts';
import { awarenessFrame, createTypist, syncFrame } from './testing/typist.ts';
import { concatenate } from './yjs/update-parts.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('frames', () => {
  it.each([
    ['an empty frame', bytes()],
    ['a number that does not end', bytes(0x80)],
    ['a number beyond 2^53', bytes(0, 0, ...Array<number>(10).fill(0xff))],
    ['a sync message without a subtype', bytes(0)],
    ['an unknown sync subtype', bytes(0, 3, 0)],
    ['a step 1 that is shorter than it says', bytes(0, 0, 5, 1)],
    ['a step 1 without a state vector', bytes(0, 0, 0)],
    ['a state vector that is shorter than it says', bytes(0, 0, 2, 9, 1)],
    ['an update that is no update', syncFrame(2, bytes(1, 2, 3, 4, 5))],
    ['an empty update', syncFrame(2, bytes())],
    ['a step 2 that is no update', syncFrame(1, bytes(0xff))],
    ['an awareness message without a body', bytes(1)],
    ['an awareness message that promises more than it holds', bytes(1, 1, 200)],
    ['a state that is no JSON', bytes(1, 5, 1, 7, 1, 1, 0x7b)],
    ['a state that is no UTF-8', bytes(1, 5, 1, 7, 1, 1, 0xff)],
    ['a state that is a number', awarenessFrame({ clientId: 7, clock: 1, state: 5 })],
    ['a state that is a list', awarenessFrame({ clientId: 7, clock: 1, state: [] })],
  ])('%s is malformed', (_name, frame) => {
    expect(() => readFrame(frame, true)).toThrow(MalformedFrame);
  });

  it('a text frame is malformed, whatever it says', () => {
    expect(() => readFrame(stepOneFrame(bytes(0)), false)).toThrow(MalformedFrame);
  });

  it('R9: unknown message numbers and trailing bytes are ignored', () => {
    expect(readFrame(bytes(77, 1, 2, 3), true)).toEqual({ kind: 'unknown' });
    expect(readFrame(bytes(MESSAGE.auth, 9), true)).toEqual({ kind: 'unknown' });
    expect(readFrame(bytes(MESSAGE.queryAwareness, 9, 9), true)).toEqual({ kind: 'query-awareness' });
    expect(readFrame(bytes(0, 0, 1, 0, 99, 99), true)).toEqual({ kind: 'sync-step-1', stateVector: bytes(0) });
  });

  it('reads what a stock client sends', () => {
    const typist = createTypist(5);
    const update = typist.type('hello');
    expect(readFrame(concatenate(updateFrame([update])), true)).toMatchObject({
      kind: 'update',
      answers: false,
      update,
    });
    expect(readFrame(concatenate(stepTwoFrame([update])), true)).toMatchObject({
      kind: 'update',
      answers: true,
      update,
    });
    expect(readFrame(typist.step1(), true)).toEqual({
      kind: 'sync-step-1',
      stateVector: Y.encodeStateVector(typist.doc),
    });
    expect(readFrame(awarenessFrame({ clientId: 5, clock: 3, state: { a: 1 } }), true)).toEqual({
      kind: 'awareness',
      states: [{ clientId: 5, clock: 3, state: { a: 1 } }],
    });
  });

  it('R10: an echo of what the server told is left out unread', () => {
    const told = tellingClock(Date.now(), 0);
    const frame = awarenessFrame(
      { clientId: 1, clock: told, state: 'not a state' },
      { clientId: 2, clock: 1, state: {} },
    );
    expect(readFrame(frame, true)).toEqual({ kind: 'awareness', states: [{ clientId: 2, clock: 1, state: {} }] });
  });

  it('never reads beyond the frame into the buffer that it lies in', () => {
    const pool = Buffer.alloc(64, 1);
    pool.set(bytes(0, 2, 30), 8);
    expect(() => readFrame(pool.subarray(8, 12), true)).toThrow(MalformedFrame);
  });

  it('keeps no hold on the buffer that a frame came in', () => {
    const frame = concatenate(updateFrame([createTypist().type('hello')]));
    const chunk = Buffer.alloc(64 * 1024);
    chunk.set(frame, 100);
    const message = readFrame(chunk.subarray(100, 100 + frame.byteLength), true);
    expect(message.kind === 'update' && message.update.buffer.byteLength).toBeLessThan(1024);
  });

  it('any bytes are a message or malformed, never another error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0, 1, 2, 3, 114, 200), (tail, number) => {
        try {
          readFrame(Uint8Array.of(number, ...tail), true);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedFrame);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('what is said when there is nothing to say tells nobody’s presence', () => {
    expect(hear(QUIET_FRAME)).toEqual({ kind: 'presence', states: [] });
    expect(hear(presenceFrame([]))).toEqual({ kind: 'presence', states: [] });
  });
});
