// A socket that keeps what is sent, reads as slowly as a test wants, and tells what became of it.
import { MESSAGE, SYNC } from '@codesync/contract';
import * as decoding from 'lib0/decoding';
import type { Socket } from '../socket.ts';
import { concatenate } from '../yjs/update-parts.ts';

/** A frame as its reader sees it. */
export type Heard =
  | { readonly kind: 'step-1' | 'step-2' | 'update'; readonly bytes: Uint8Array }
  | { readonly kind: 'presence'; readonly states: readonly HeardState[] }
  | { readonly kind: 'logged' | 'durable'; readonly count: number }
  | { readonly kind: 'role' | 'generation'; readonly text: string }
  | { readonly kind: 'ping' };

export interface HeardState {
  readonly clientId: number;
  readonly clock: number;
  readonly state: { readonly user: Record<string, unknown>; readonly [field: string]: unknown } | null;
}

export interface FakeSocket extends Socket {
  readonly frames: Uint8Array[];
  /** What was heard since the last call. */
  take(): Heard[];
  buffered: number;
  /** What is sent stays in the buffer until the test lowers it. */
  isSlow: boolean;
  paused: boolean;
  pings: number;
  closed: number | undefined;
  terminated: boolean;
}

export function createFakeSocket(): FakeSocket {
  let taken = 0;
  return {
    frames: [],
    buffered: 0,
    isSlow: false,
    paused: false,
    pings: 0,
    closed: undefined,
    terminated: false,
    send(frame) {
      if (this.closed !== undefined) return;
      this.frames.push(frame);
      if (this.isSlow) this.buffered += frame.byteLength;
    },
    sendParts(frame) {
      this.send(concatenate(frame));
    },
    together: (send) => send(),
    pause() {
      this.paused = true;
    },
    resume() {
      this.paused = false;
    },
    ping() {
      this.pings += 1;
    },
    close(code) {
      this.closed ??= code;
    },
    terminate() {
      this.terminated = true;
    },
    take() {
      const heard = this.frames.slice(taken).map(hear);
      taken = this.frames.length;
      return heard;
    },
  };
}

export function hear(frame: Uint8Array): Heard {
  const decoder = decoding.createDecoder(frame);
  const number = decoding.readVarUint(decoder);
  switch (number) {
    case MESSAGE.sync: {
      const subtype = decoding.readVarUint(decoder);
      const bytes = decoding.readVarUint8Array(decoder);
      if (subtype === SYNC.step1) return { kind: 'step-1', bytes };
      return { kind: subtype === SYNC.step2 ? 'step-2' : 'update', bytes };
    }
    case MESSAGE.awareness:
      return { kind: 'presence', states: hearStates(decoding.readVarUint8Array(decoder)) };
    case MESSAGE.logged:
      return { kind: 'logged', count: decoding.readVarUint(decoder) };
    case MESSAGE.durable:
      return { kind: 'durable', count: decoding.readVarUint(decoder) };
    case MESSAGE.role:
      return { kind: 'role', text: decoding.readVarString(decoder) };
    case MESSAGE.generation:
      return { kind: 'generation', text: decoding.readVarString(decoder) };
    case MESSAGE.ping:
      return { kind: 'ping' };
    default:
      throw new Error(`the server sent message ${number}`);
  }
}

function hearStates(bytes: Uint8Array): HeardState[] {
  const decoder = decoding.createDecoder(bytes);
  return Array.from({ length: decoding.readVarUint(decoder) }, () => ({
    clientId: decoding.readVarUint(decoder),
    clock: decoding.readVarUint(decoder),
    state: JSON.parse(decoding.readVarString(decoder)) as HeardState['state'],
  }));
}
