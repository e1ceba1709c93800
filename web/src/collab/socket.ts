// One document's socket: opens, watches and reopens it. Knows frames and close codes, nothing of what frames say, except
// the ping by which it finds a dead link.
import { isPermanent } from '@codesync/contract';
import type { Cancel, Clock } from './clock.ts';
import { encodePing } from './protocol.ts';

/** First delay and longest delay before trying again; the actual one is random between 0 and the doubled step (full jitter). */
const BACKOFF = { first: 100, longest: 10_000 };

/** Silence after which the link is asked whether it lives, and how long it may take to answer: with room to say so within 8 s. */
const PING_AFTER_SILENCE = 4_000;
const ANSWER_WITHIN = 3_000;

/** While the first text arrives a slow link is busy with frames of 1 MB: an answer may be queued behind one. */
const ANSWER_WITHIN_WHILE_JOINING = 15_000;

/** An attempt that neither opens nor fails: some proxies swallow the handshake. */
const OPEN_WITHIN = 10_000;

/** What the socket needs of a WebSocket; see web-socket.ts for the browser's. */
export interface Wire {
  send(frame: Uint8Array): void;
  /** Bytes not yet handed to the network. */
  buffered(): number;
  close(): void;
}

export interface WireEvents {
  opened(): void;
  received(frame: Uint8Array): void;
  closed(code: number): void;
}

export interface SocketDependencies {
  /** Opens one connection. Its events come later, never during the call. */
  connect(events: WireEvents): Wire;
  /** Calls when the network or the tab came or went; returns the stop. */
  onWake(call: () => void): Cancel;
  clock: Clock;
  /** In [0, 1). */
  random(): number;
}

export interface SocketEvents {
  opened(): void;
  received(frame: Uint8Array): void;
  /** Once per connection that had opened, and for a refusal. `refusal` is the permanent close code: it will not come back. */
  lost(refusal: number | undefined): void;
}

export interface DocumentSocket {
  /** False when nothing is open: the frame is not kept. */
  send(frame: Uint8Array): boolean;
  /** The join is complete: the back-off starts anew next time, and silence counts in full. */
  settled(): void;
  /** Drops this connection and tries again. */
  reset(): void;
  /** Tries now instead of later; also after a refusal. */
  retry(): void;
  close(): void;
}

export function createDocumentSocket(dependencies: SocketDependencies, events: SocketEvents): DocumentSocket {
  const { clock } = dependencies;
  let wire: Wire | undefined;
  let isOpen = false;
  let isSettled = false;
  let isFinished = false;
  let attempt = 0;
  let heard = 0;
  let messages = 0;
  let isAsking = false;
  let cancelTimer: Cancel = () => {};

  function schedule(milliseconds: number, call: () => void): void {
    cancelTimer();
    cancelTimer = clock.after(milliseconds, call);
  }

  function connect(): void {
    isSettled = false;
    // A connection that was dropped may still speak: only the one in use is listened to.
    const isCurrent = (): boolean => wire === mine;
    const mine: Wire = dependencies.connect({
      opened() {
        if (!isCurrent()) return;
        isOpen = true;
        heard = clock.now();
        schedule(PING_AFTER_SILENCE, watch);
        events.opened();
      },
      received(frame) {
        if (!isCurrent()) return;
        heard = clock.now();
        messages++;
        events.received(frame);
      },
      closed(code) {
        if (isCurrent()) drop(isPermanent(code) ? code : undefined);
      },
    });
    wire = mine;
    schedule(OPEN_WITHIN, () => drop(undefined));
  }

  /** Forgets the connection at once: the closing handshake of a dead link would take minutes. */
  function drop(refusal: number | undefined): void {
    const wasOpen = isOpen;
    wire?.close();
    wire = undefined;
    isOpen = false;
    isAsking = false;
    cancelTimer();
    isFinished = refusal !== undefined;
    if (!isFinished) {
      const step = Math.min(BACKOFF.longest, BACKOFF.first * 2 ** attempt);
      attempt++;
      schedule(step * dependencies.random(), connect);
    }
    if (wasOpen || isFinished) events.lost(refusal);
  }

  function watch(): void {
    isAsking = false;
    const silence = clock.now() - heard;
    if (silence < PING_AFTER_SILENCE) schedule(PING_AFTER_SILENCE - silence, watch);
    else ask();
  }

  function ask(): void {
    // A page that comes and goes must not put the answer off again and again.
    if (isAsking) return;
    isAsking = true;
    // Before the ping: that its own bytes leave is no sign of life.
    const buffered = wire?.buffered() ?? 0;
    wire?.send(encodePing());
    awaitAnswer(messages, buffered);
  }

  function awaitAnswer(before: number, buffered: number): void {
    schedule(isSettled ? ANSWER_WITHIN : ANSWER_WITHIN_WHILE_JOINING, () => {
      const left = wire?.buffered() ?? 0;
      if (messages > before) watch();
      // A large paste on a slow uplink: the ping waits behind it, but bytes are leaving.
      else if (left < buffered) awaitAnswer(before, left);
      else drop(undefined);
    });
  }

  function retry(): void {
    if (wire !== undefined) return;
    isFinished = false;
    attempt = 0;
    cancelTimer();
    connect();
  }

  const stopWaking = dependencies.onWake(() => {
    if (isFinished) return;
    if (wire === undefined) retry();
    else if (isOpen) ask();
  });

  connect();

  return {
    send(frame) {
      if (!isOpen || wire === undefined) return false;
      wire.send(frame);
      return true;
    },
    settled() {
      isSettled = true;
      attempt = 0;
    },
    reset() {
      if (wire !== undefined) drop(undefined);
    },
    retry,
    close() {
      isFinished = true;
      isOpen = false;
      stopWaking();
      cancelTimer();
      wire?.close();
      wire = undefined;
    },
  };
}
