// What goes out on one socket, within a byte budget (R16): a reader that falls behind is caught up from the document, or closed; never skipped.
import { CLOSE, type CloseCode } from '@codesync/contract';
import type { Clock } from '@codesync/storage';
import { EMPTY_UPDATE, stepTwoFrame, updateFrame } from './frames.ts';
import type { Socket } from './socket.ts';
import type { Ticker } from './ticker.ts';
import { byteLength, type UpdateParts } from './yjs/update-parts.ts';

/** Where an outbox gets what its reader lacks. */
export interface OutboxSource {
  /** Another number whenever there is something new. */
  readonly version: number;
  readonly stateVector: Uint8Array;
  /** Updates of at most a frame each, in order, made as they are taken: they bring the reader to the version of now. */
  updatesFor(stateVector: Uint8Array): Iterable<UpdateParts>;
  /** The latest states of these awareness clients. */
  presenceOf(clients: Iterable<number>): readonly Uint8Array[];
}

export interface Outbox {
  /** When something was last sent (milliseconds since the epoch). */
  readonly spokeAt: number;
  /** Something small that must arrive: acks, notices, step 1. */
  send(frame: Uint8Array): void;
  /** Frames that every reader of the document gets, in log order. */
  deliver(frames: readonly Uint8Array[]): void;
  /** States of these awareness clients; a newer one makes an older one worthless. */
  presence(frames: readonly Uint8Array[], clients: Iterable<number>): void;
  /** The states of these awareness clients as they are, as soon as there is room. */
  presenceOf(clients: Iterable<number>): void;
  /** Answers a step 1: all that its sender lacks, then a step 2. */
  sync(stateVector: Uint8Array): void;
  /** The socket's buffer is empty. */
  drained(): void;
  /** Closes with 1013 whoever does not read. To be called every few seconds. */
  sweep(): void;
}

export interface OutboxLimits {
  /** More than this waiting to leave: document frames stop. */
  readonly budget: number;
  /** More than this: presence waits, and only the newest counts. */
  readonly presenceBudget: number;
  /** Milliseconds that a reader may take nothing while something waits. */
  readonly patience: number;
}

export const OUTBOX_LIMITS: OutboxLimits = { budget: 2 * 1024 * 1024, presenceBudget: 256 * 1024, patience: 30_000 };

/** A reader that took less than this part of the budget (16 kB) since the last sweep stands still. */
const PROGRESS = 1 / 128;

/** Part of the budget (256 kB) that a reader who is caught up is given in one turn: the others' keystrokes come in between. */
const TURN = 1 / 8;

/** States that are told before looking again whether there is room. */
const PRESENCE_STEP = 256;

/** In milliseconds; the first of a connection is answered at once. */
const ANSWER_INTERVAL = 40;

/** Being caught up. What others write meanwhile is not sent but found in the source at the end. */
interface Feeding {
  readonly pieces: Iterator<UpdateParts>;
  /** One ahead, because the last one is another kind of frame. */
  next: UpdateParts | undefined;
  /** How many step 1s it answers: the last piece is the first of as many step 2s. */
  readonly answers: number;
  /** What the reader has when the pieces have arrived. */
  readonly version: number;
  readonly stateVector: Uint8Array;
}

export function createOutbox(
  deps: {
    socket: Socket;
    source: OutboxSource;
    clock: Clock;
    ticker: Ticker;
    close(code: CloseCode, reason: string): void;
  },
  limits: OutboxLimits = OUTBOX_LIMITS,
): Outbox {
  const { socket, source, clock, ticker } = deps;
  let feeding: Feeding | undefined;
  /** The newest step 1 that waits for its answer, and how many wait: a later one of the same client knows more. */
  let asked: Uint8Array | undefined;
  let owed = 0;
  let answeredAt = 0;
  const missedPresence = new Set<number>();
  let spokeAt = clock.now();
  let sent = 0;
  /** Of what was sent, the bytes that had left when progress was last seen. */
  let taken = 0;
  let progressAt = clock.now();

  function send(frame: Uint8Array): void {
    socket.send(frame);
    noteSent(frame.byteLength);
  }

  function sendParts(frame: UpdateParts): void {
    socket.sendParts(frame);
    noteSent(byteLength(frame));
  }

  function noteSent(bytes: number): void {
    spokeAt = clock.now();
    sent += bytes;
    if (socket.buffered > 2 * limits.budget) deps.close(CLOSE.tryAgain, 'too far behind');
  }

  function feed(updates: Iterable<UpdateParts>, answers: number): void {
    const { version, stateVector } = source;
    const pieces = updates[Symbol.iterator]();
    feeding = { pieces, next: take(pieces), answers, version, stateVector };
  }

  /** Sends while there is room; the socket's draining calls it again. */
  function pump(): void {
    while (feeding !== undefined && socket.buffered < limits.budget * TURN) {
      const { pieces, next: piece, answers } = feeding;
      feeding.next = take(pieces);
      const isLast = feeding.next === undefined;
      if (isLast && answers > 0) sendParts(stepTwoFrame(piece ?? EMPTY_UPDATE));
      else if (piece !== undefined) sendParts(updateFrame(piece));
      if (isLast) finish(feeding);
    }
    if (feeding === undefined) tellMissedPresence();
  }

  function finish(fed: Feeding): void {
    // Step 1s that waited are answered by one catch-up, but each by its step 2 (R9).
    for (let answered = 1; answered < fed.answers; answered++) sendParts(stepTwoFrame(EMPTY_UPDATE));
    feeding = undefined;
    if (asked !== undefined) answer();
    else if (fed.version !== source.version) feed(source.updatesFor(fed.stateVector), 0);
  }

  function answer(): void {
    if (asked === undefined) return;
    const stateVector = asked;
    asked = undefined;
    answeredAt = clock.now();
    feed(source.updatesFor(stateVector), owed);
    owed = 0;
  }

  function answerNow(): void {
    if (feeding !== undefined) return;
    answer();
    socket.together(pump);
  }

  function tellMissedPresence(): void {
    while (missedPresence.size > 0 && socket.buffered <= limits.presenceBudget) {
      const clients = Array.from(missedPresence).slice(0, PRESENCE_STEP);
      for (const client of clients) missedPresence.delete(client);
      for (const frame of source.presenceOf(clients)) send(frame);
    }
  }

  return {
    get spokeAt() {
      return spokeAt;
    },
    send,
    deliver(frames) {
      if (feeding !== undefined) return;
      if (frames.length === 1 && frames[0] !== undefined) send(frames[0]);
      else if (frames.length > 0) socket.together(() => frames.forEach(send));
      if (socket.buffered > limits.budget) feed([], 0);
    },
    presence(frames, clients) {
      if (feeding === undefined && socket.buffered <= limits.presenceBudget) {
        for (const frame of frames) send(frame);
      } else {
        for (const client of clients) missedPresence.add(client);
      }
    },
    presenceOf(clients) {
      for (const client of clients) missedPresence.add(client);
      tellMissedPresence();
    },
    sync(stateVector) {
      asked = stateVector;
      owed += 1;
      // Reading a document is the dearest thing that a few bytes can ask for: step 1s that come in a flood are answered together.
      if (clock.now() - answeredAt < ANSWER_INTERVAL) ticker.request(answerNow);
      else answerNow();
    },
    drained() {
      tellMissedPresence();
      // In one write: what is not written yet is counted, so that a reader with a fast line leaves time for the others.
      socket.together(pump);
    },
    sweep() {
      const now = clock.now();
      const left = sent - socket.buffered;
      if (socket.buffered === 0 || left >= taken + limits.budget * PROGRESS) {
        taken = left;
        progressAt = now;
        pump();
      } else if (now - progressAt >= limits.patience) {
        deps.close(CLOSE.tryAgain, 'not reading');
      }
    },
  };
}

function take(pieces: Iterator<UpdateParts>): UpdateParts | undefined {
  const { done, value } = pieces.next();
  return done === true ? undefined : value;
}
