// One socket as a state machine: arriving (its person and document are looked up), open (in its room), closing. Size, rate and form are judged here.
import { CLOSE, CONNECTION_RATE, MAX_MESSAGE_BYTES, type CloseCode, type Role } from '@codesync/contract';
import type { Clock, Logger } from '@codesync/storage';
import type { Admitted } from './admission.ts';
import { MalformedFrame, QUIET_FRAME, readFrame, type Message } from './frames.ts';
import { OUTBOX_LIMITS, type OutboxLimits } from './outbox.ts';
import { createParticipant, type Participant } from './participant.ts';
import { createRateGate, type Rate } from './rate-gate.ts';
import type { RoomLease } from './rooms.ts';
import type { Socket } from './socket.ts';
import type { Ticker } from './ticker.ts';

export interface Connection {
  /** A syncing one has not answered our step 1 yet. */
  readonly phase: 'arriving' | 'syncing' | 'live' | 'closing';
  /** A frame from the socket. While arriving it waits. */
  receive(data: Uint8Array, isBinary: boolean): void;
  /** The person may be here and the document is loaded. Takes the lease over. */
  open(admitted: Admitted, lease: RoomLease): void;
  changeRole(role: Role): void;
  close(code: CloseCode, reason: string): void;
  /** The socket's buffer is empty. */
  drained(): void;
  /** The peer answered a ping. */
  heard(): void;
  /** The socket is closed, by whomever. */
  ended(): void;
  /** To be called every few seconds: silence, dead peers, readers that stand still. */
  sweep(): void;
}

export interface ConnectionLimits {
  readonly messageBytes: number;
  readonly rate: Rate;
  readonly outbox: OutboxLimits;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  messageBytes: MAX_MESSAGE_BYTES,
  rate: CONNECTION_RATE,
  outbox: OUTBOX_LIMITS,
};

/** Before its document is loaded a client has a step 1 and a state to say: with more than this waiting, its socket is not read. */
const ARRIVING_BYTES = 256 * 1024;
/** Looking up and loading take milliseconds: a part that hangs is a part that is down (R15). */
const ARRIVING_PATIENCE = 15_000;
/** With sweeps every few seconds nobody waits for SERVER_SILENCE (R9). */
const SPEAK_AFTER = 13_000;
/** Stock clients say something every 15 s; others answer a ping. */
const PING_AFTER = 20_000;
const DEAD_AFTER = 45_000;

type State =
  | {
      readonly kind: 'arriving';
      readonly since: number;
      readonly frames: { readonly data: Uint8Array; readonly isBinary: boolean }[];
      bytes: number;
    }
  | { readonly kind: 'open'; readonly participant: Participant; readonly lease: RoomLease }
  | { readonly kind: 'closing' };

export function createConnection(
  deps: { socket: Socket; clock: Clock; ticker: Ticker; logger: Logger },
  options: { readonly speaksCodesync: boolean; readonly limits?: ConnectionLimits },
): Connection {
  const { socket, clock, ticker, logger } = deps;
  const { speaksCodesync, limits = CONNECTION_LIMITS } = options;
  const gate = createRateGate(limits.rate, clock.now());
  let state: State = { kind: 'arriving', since: clock.now(), frames: [], bytes: 0 };
  let heardAt = clock.now();
  /** Above its rate: not read before then. */
  let slowedUntil: number | undefined;

  function close(code: CloseCode, reason: string): void {
    if (state.kind === 'closing') return;
    logger.debug({ code, reason }, 'closing a socket');
    leave();
    socket.close(code, reason);
  }

  const isClosing = (): boolean => state.kind === 'closing';

  function leave(): void {
    const was = state;
    state = { kind: 'closing' };
    if (was.kind !== 'open') return;
    was.participant.leave();
    was.lease.release();
  }

  function isWithinRate(bytes: number): boolean {
    const now = clock.now();
    const verdict = gate.take(bytes, now);
    if (verdict.kind === 'exceeded') {
      close(CLOSE.tryAgain, 'too fast for too long');
      return false;
    }
    if (verdict.kind === 'slow-down') {
      slowedUntil = verdict.until;
      socket.pause();
      ticker.request(readOn);
    }
    return true;
  }

  function readOn(): void {
    if (slowedUntil === undefined || state.kind === 'closing') return;
    if (clock.now() < slowedUntil) {
      ticker.request(readOn);
      return;
    }
    slowedUntil = undefined;
    if (state.kind === 'open' || state.bytes <= ARRIVING_BYTES) socket.resume();
  }

  function judge(participant: Participant, data: Uint8Array, isBinary: boolean): void {
    let message: Message;
    try {
      message = readFrame(data, isBinary);
    } catch (error) {
      if (!(error instanceof MalformedFrame)) throw error;
      close(CLOSE.malformed, error.message);
      return;
    }
    participant.handle(message);
  }

  return {
    get phase() {
      if (state.kind !== 'open') return state.kind;
      return state.participant.isLive ? 'live' : 'syncing';
    },
    receive(data, isBinary) {
      if (state.kind === 'closing') return;
      heardAt = clock.now();
      if (data.byteLength > limits.messageBytes) {
        close(CLOSE.tooLarge, 'the message is too large');
        return;
      }
      if (!isWithinRate(data.byteLength)) return;
      if (state.kind === 'open') {
        judge(state.participant, data, isBinary);
        return;
      }
      state.frames.push({ data, isBinary });
      state.bytes += data.byteLength;
      if (state.bytes > ARRIVING_BYTES) socket.pause();
    },
    open(admitted, lease) {
      if (state.kind !== 'arriving') {
        lease.release();
        return;
      }
      const { frames, bytes } = state;
      const { room } = lease;
      const participant = createParticipant({ socket, room, clock, ticker, close }, admitted, {
        speaksCodesync,
        outbox: limits.outbox,
      });
      // What it was told on joining was more than its socket takes.
      if (isClosing()) {
        participant.leave();
        lease.release();
        return;
      }
      state = { kind: 'open', participant, lease };
      for (const { data, isBinary } of frames) {
        // The frame before may have closed it.
        if (!isClosing()) judge(participant, data, isBinary);
      }
      if (bytes > ARRIVING_BYTES && slowedUntil === undefined) socket.resume();
    },
    changeRole(role) {
      if (state.kind === 'open') state.participant.changeRole(role);
    },
    close,
    drained() {
      if (state.kind === 'open') state.participant.outbox.drained();
    },
    heard() {
      heardAt = clock.now();
    },
    ended: leave,
    sweep() {
      const now = clock.now();
      if (state.kind === 'closing') return;
      if (state.kind === 'arriving') {
        if (now - state.since >= ARRIVING_PATIENCE) close(CLOSE.unavailable, 'a part does not answer');
        return;
      }
      if (slowedUntil === undefined && now - heardAt >= DEAD_AFTER) {
        leave();
        socket.terminate();
        return;
      }
      if (now - heardAt >= PING_AFTER) socket.ping();
      if (now - state.participant.outbox.spokeAt >= SPEAK_AFTER) state.participant.outbox.send(QUIET_FRAME);
      state.participant.outbox.sweep();
    },
  };
}
