// The y-websocket codec: bytes <-> messages. What comes in is judged here, once; inside there are only typed values.
import { MAX_OUTGOING_FRAME_BYTES, MESSAGE, SYNC, type Role } from '@codesync/contract';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { isToldClock } from './presence-clock.ts';
import { decodeStateVector } from './yjs/state-vector.ts';
import { byteLength, concatenate, type UpdateParts } from './yjs/update-parts.ts';
import { MalformedUpdate, summarize, type UpdateSummary } from './yjs/update-summary.ts';

/** Not a message of the protocol: its socket is closed with 4400. */
export class MalformedFrame extends Error {
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'MalformedFrame';
  }
}

/** A state that a client announces for an awareness client id; null: that one has gone. */
export interface AnnouncedState {
  readonly clientId: number;
  readonly clock: number;
  readonly state: Readonly<Record<string, unknown>> | null;
}

export type Message =
  | { readonly kind: 'sync-step-1'; readonly stateVector: Uint8Array }
  /** Of a step 2 or an update frame: what is to be logged. `answers`: it is a step 2. */
  | { readonly kind: 'update'; readonly answers: boolean; readonly update: Uint8Array; readonly summary: UpdateSummary }
  /** Without the echoes of what the server told (R10). */
  | { readonly kind: 'awareness'; readonly states: readonly AnnouncedState[] }
  | { readonly kind: 'query-awareness' }
  | { readonly kind: 'ping' }
  | { readonly kind: 'unknown' };

/** Trailing bytes are ignored. Throws MalformedFrame. The bytes of the answer are copies: `data` may be part of a larger buffer. */
export function readFrame(data: Uint8Array, isBinary: boolean): Message {
  if (!isBinary) throw new MalformedFrame('a text frame');
  if (data.byteLength === 0) throw new MalformedFrame('an empty frame');
  try {
    return readMessage(decoding.createDecoder(data));
  } catch (error) {
    if (error instanceof MalformedFrame) throw error;
    // lib0 and JSON.parse throw on bytes that end early or mean nothing; so does our own reader of updates.
    throw new MalformedFrame(
      error instanceof MalformedUpdate ? 'an undecodable update or state vector' : 'an undecodable frame',
      error,
    );
  }
}

function readMessage(decoder: decoding.Decoder): Message {
  switch (decoding.readVarUint(decoder)) {
    case MESSAGE.sync:
      return readSync(decoder);
    case MESSAGE.awareness:
      return { kind: 'awareness', states: readAwareness(decoding.readVarUint8Array(decoder)) };
    case MESSAGE.queryAwareness:
      return { kind: 'query-awareness' };
    case MESSAGE.ping:
      return { kind: 'ping' };
    default:
      return { kind: 'unknown' };
  }
}

function readSync(decoder: decoding.Decoder): Message {
  const subtype = decoding.readVarUint(decoder);
  switch (subtype) {
    case SYNC.step1: {
      const stateVector = decoding.readVarUint8Array(decoder).slice();
      decodeStateVector(stateVector);
      return { kind: 'sync-step-1', stateVector };
    }
    case SYNC.step2:
    case SYNC.update: {
      // A view would keep the socket's whole chunk in memory for as long as the update is in a tail.
      const update = decoding.readVarUint8Array(decoder).slice();
      return { kind: 'update', answers: subtype === SYNC.step2, update, summary: summarize(update) };
    }
    default:
      throw new MalformedFrame(`unknown sync subtype ${subtype}`);
  }
}

function readAwareness(bytes: Uint8Array): AnnouncedState[] {
  const decoder = decoding.createDecoder(bytes);
  const states: AnnouncedState[] = [];
  let count = decoding.readVarUint(decoder);
  for (; count > 0; count--) {
    const clientId = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    const json = decoding.readVarUint8Array(decoder);
    // Among a hundred people ninety-nine in a hundred states are echoes: they cost no parsing.
    if (isToldClock(clock)) continue;
    states.push({ clientId, clock, state: readState(json) });
  }
  return states;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readState(json: Uint8Array): AnnouncedState['state'] {
  const state: unknown = JSON.parse(utf8.decode(json));
  if (state === null) return null;
  if (typeof state !== 'object' || Array.isArray(state)) throw new MalformedFrame('an awareness state is an object');
  return state as Record<string, unknown>;
}

/** What a step 2 says when nothing is lacking: no structs, no deletions. */
export const EMPTY_UPDATE: UpdateParts = [Uint8Array.of(0, 0)];

/** An update of this size fills a frame: number, subtype and length go before it. */
export const MAX_OUTGOING_UPDATE_BYTES = MAX_OUTGOING_FRAME_BYTES - 7;

/** Of the answer to a step 1 so much goes into one frame: it is made in less time than a keystroke takes, which waits meanwhile. */
export const JOIN_UPDATE_BYTES = 128 * 1024;

export const stepOneFrame = (stateVector: Uint8Array): Uint8Array => concatenate(syncFrame(SYNC.step1, [stateVector]));
export const stepTwoFrame = (update: UpdateParts): UpdateParts => syncFrame(SYNC.step2, update);
export const updateFrame = (update: UpdateParts): UpdateParts => syncFrame(SYNC.update, update);

function syncFrame(subtype: number, body: UpdateParts): UpdateParts {
  const head = frame(MESSAGE.sync, (encoder) => {
    encoding.writeVarUint(encoder, subtype);
    encoding.writeVarUint(encoder, byteLength(body));
  });
  return [head, ...body];
}

/** One awareness state as it stands in a frame. */
export function presencePart(clientId: number, clock: number, state: string | null): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, clientId);
  encoding.writeVarUint(encoder, clock);
  encoding.writeVarString(encoder, state ?? 'null');
  return encoding.toUint8Array(encoder);
}

export function presenceFrame(parts: readonly Uint8Array[]): Uint8Array {
  const body = encoding.createEncoder();
  encoding.writeVarUint(body, parts.length);
  for (const part of parts) encoding.writeUint8Array(body, part);
  return frame(MESSAGE.awareness, (encoder) => encoding.writeVarUint8Array(encoder, encoding.toUint8Array(body)));
}

/** Tells nobody's presence: what is said when there is nothing to say (R9). */
export const QUIET_FRAME = presenceFrame([]);

export const PING_FRAME = frame(MESSAGE.ping, () => {});
export const loggedFrame = (count: number): Uint8Array => numberFrame(MESSAGE.logged, count);
export const durableFrame = (count: number): Uint8Array => numberFrame(MESSAGE.durable, count);
export const roleFrame = (role: Role): Uint8Array =>
  frame(MESSAGE.role, (encoder) => encoding.writeVarString(encoder, role));
export const generationFrame = (generation: string): Uint8Array =>
  frame(MESSAGE.generation, (encoder) => encoding.writeVarString(encoder, generation));

function numberFrame(message: number, value: number): Uint8Array {
  return frame(message, (encoder) => encoding.writeVarUint(encoder, value));
}

function frame(message: number, write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, message);
  write(encoder);
  return encoding.toUint8Array(encoder);
}
