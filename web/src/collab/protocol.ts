// The y-websocket protocol as this client speaks it: bytes to typed messages and back. Numbers come from contract/wire.ts.
import { MESSAGE, Role, SYNC } from '@codesync/contract';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

export type Incoming =
  | { readonly kind: 'sync-step-1'; readonly stateVector: Uint8Array }
  | { readonly kind: 'sync-step-2'; readonly update: Uint8Array }
  | { readonly kind: 'update'; readonly update: Uint8Array }
  | { readonly kind: 'awareness'; readonly update: Uint8Array }
  | { readonly kind: 'query-awareness' }
  | { readonly kind: 'denied'; readonly reason: string }
  | { readonly kind: 'logged'; readonly count: number }
  | { readonly kind: 'durable'; readonly count: number }
  | { readonly kind: 'role'; readonly role: Role }
  | { readonly kind: 'generation'; readonly generation: string }
  | { readonly kind: 'pong' }
  /** A number from the future: ignored, so that servers may learn new words first. */
  | { readonly kind: 'unknown' };

/** Throws on bytes that are no message at all. */
export function decodeMessage(frame: Uint8Array): Incoming {
  const decoder = decoding.createDecoder(frame);
  switch (decoding.readVarUint(decoder)) {
    case MESSAGE.sync:
      return decodeSync(decoder);
    case MESSAGE.awareness:
      return { kind: 'awareness', update: decoding.readVarUint8Array(decoder) };
    case MESSAGE.auth:
      decoding.readVarUint(decoder);
      return { kind: 'denied', reason: decoding.readVarString(decoder) };
    case MESSAGE.queryAwareness:
      return { kind: 'query-awareness' };
    case MESSAGE.logged:
      return { kind: 'logged', count: decoding.readVarUint(decoder) };
    case MESSAGE.durable:
      return { kind: 'durable', count: decoding.readVarUint(decoder) };
    case MESSAGE.role:
      return { kind: 'role', role: Role.parse(decoding.readVarString(decoder)) };
    case MESSAGE.generation:
      return { kind: 'generation', generation: decoding.readVarString(decoder) };
    case MESSAGE.ping:
      return { kind: 'pong' };
    default:
      return { kind: 'unknown' };
  }
}

function decodeSync(decoder: decoding.Decoder): Incoming {
  const subtype = decoding.readVarUint(decoder);
  const body = decoding.readVarUint8Array(decoder);
  switch (subtype) {
    case SYNC.step1:
      return { kind: 'sync-step-1', stateVector: body };
    case SYNC.step2:
      return { kind: 'sync-step-2', update: body };
    case SYNC.update:
      return { kind: 'update', update: body };
    default:
      return { kind: 'unknown' };
  }
}

function encodeSync(subtype: number, body: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, subtype);
    encoding.writeVarUint8Array(encoder, body);
  });
}

export const encodeSyncStep1 = (stateVector: Uint8Array): Uint8Array => encodeSync(SYNC.step1, stateVector);
export const encodeSyncStep2 = (update: Uint8Array): Uint8Array => encodeSync(SYNC.step2, update);
export const encodeUpdate = (update: Uint8Array): Uint8Array => encodeSync(SYNC.update, update);

export function encodeAwareness(update: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.awareness);
    encoding.writeVarUint8Array(encoder, update);
  });
}

export function encodePing(): Uint8Array {
  return encoding.encode((encoder) => encoding.writeVarUint(encoder, MESSAGE.ping));
}

/** The client ids that an awareness update speaks of. */
export function awarenessClients(update: Uint8Array): number[] {
  const decoder = decoding.createDecoder(update);
  const count = decoding.readVarUint(decoder);
  const clients: number[] = [];
  for (let index = 0; index < count; index++) {
    clients.push(decoding.readVarUint(decoder));
    decoding.readVarUint(decoder);
    decoding.readVarString(decoder);
  }
  return clients;
}
