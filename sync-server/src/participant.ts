// A connection in its room: what it may do there by its role, what it is told, and how far its updates are kept.
import { can, CLOSE, type CloseCode, type Role } from '@codesync/contract';
import type { Clock } from '@codesync/storage';
import { createAcks } from './acks.ts';
import type { Admitted } from './admission.ts';
import {
  durableFrame,
  generationFrame,
  loggedFrame,
  PING_FRAME,
  roleFrame,
  stepOneFrame,
  type AnnouncedState,
  type Message,
} from './frames.ts';
import { createOutbox, type Outbox, type OutboxLimits } from './outbox.ts';
import { OversizedPresence } from './presence.ts';
import type { Member, Room } from './room.ts';
import type { Socket } from './socket.ts';
import type { Ticker } from './ticker.ts';

export interface Participant {
  readonly outbox: Outbox;
  /** All that we asked for by step 1 has been answered. */
  readonly isLive: boolean;
  handle(message: Message): void;
  /** Their role is this one now; the same again changes nothing (R14). */
  changeRole(role: Role): void;
  leave(): void;
}

export interface ParticipantDeps {
  readonly socket: Socket;
  readonly room: Room;
  readonly clock: Clock;
  readonly ticker: Ticker;
  close(code: CloseCode, reason: string): void;
}

/** A client that keeps sending updates with gaps between them is asked for the rest so often. */
const MAX_ASKS = 10;

/** Joins the room: tells the role, the generation, step 1 and who is there, in this order (R9, R11, R23). */
export function createParticipant(
  deps: ParticipantDeps,
  admitted: Admitted,
  options: { readonly speaksCodesync: boolean; readonly outbox: OutboxLimits },
): Participant {
  const { socket, room, clock, ticker } = deps;
  const { speaksCodesync } = options;
  const close = (code: CloseCode, reason: string): void => deps.close(code, reason);
  const outbox = createOutbox({ socket, source: room.source, clock, ticker, close }, options.outbox);
  const acks = createAcks(room.savedTo, {
    logged: (count) => tellOurs(loggedFrame(count)),
    durable: (count) => tellOurs(durableFrame(count)),
  });
  let role = admitted.role;
  /** Step 1s sent, and step 2s that came: they come in the order in which they were asked for. */
  let asked = 0;
  let answered = 0;
  /** How often they were asked because of a gap. */
  let gaps = 0;
  /** To be asked for what the log lost, after the answer that is under way: that one may not know of it. */
  let lost = false;
  let announced = false;
  /** The answer to this step 1 brings what was refused while they were a viewer, or is missing before what came. */
  let recovery: number | undefined;

  const member: Member = {
    user: admitted.user,
    get role() {
      return role;
    },
    get isLive() {
      return answered >= asked;
    },
    tellPresence: (frames, clients) => outbox.presence(frames, clients),
    deliver: (frames) => outbox.deliver(frames),
    logged: (number, position) => acks.logged(number, position),
    saved: (sequence) => acks.saved(sequence),
    moved: (position) => acks.moved(position),
    askAgain() {
      // It is logged, and nobody can read it: kept it is when what comes before it is there, too (R1).
      acks.withhold();
      if (asked === answered && gaps < MAX_ASKS) {
        gaps += 1;
        ask();
      }
      recovery = asked;
    },
    askForLost() {
      // What a viewer has is not taken (R13).
      if (can(role, 'write')) lost = true;
      askOnceAnswered();
    },
    close,
  };

  function tellOurs(frame: Uint8Array): void {
    if (speaksCodesync) outbox.send(frame);
  }

  function ask(): void {
    asked += 1;
    outbox.send(stepOneFrame(room.source.stateVector));
  }

  function askOnceAnswered(): void {
    if (!lost || asked > answered) return;
    lost = false;
    ask();
  }

  function tellEveryone(): void {
    outbox.presenceOf(room.presence.clients());
  }

  function update(message: Extract<Message, { kind: 'update' }>): void {
    const number = acks.count();
    if (message.answers) answered += 1;
    if (!can(role, 'write')) {
      acks.withhold();
      return;
    }
    if (message.answers && recovery !== undefined && answered >= recovery) {
      recovery = undefined;
      acks.resume(number);
    }
    room.submit(member, number, message.update, message.summary);
    askOnceAnswered();
  }

  function announce(states: readonly AnnouncedState[]): void {
    try {
      room.presence.announce(member, states);
    } catch (error) {
      if (!(error instanceof OversizedPresence)) throw error;
      close(CLOSE.tooLarge, error.message);
      return;
    }
    if (announced) return;
    announced = true;
    // A stock client still takes in what comes while its socket is closing, after it has put everybody aside: it comes back with people
    // who may have gone meanwhile. Not before it said who it is itself: it has just gone, too.
    outbox.presenceOf(room.presence.departed());
  }

  room.join(member);
  socket.together(() => {
    tellOurs(roleFrame(role));
    tellOurs(generationFrame(admitted.generation));
    ask();
    tellEveryone();
  });

  return {
    outbox,
    get isLive() {
      return member.isLive;
    },
    handle(message) {
      switch (message.kind) {
        case 'sync-step-1':
          outbox.sync(message.stateVector);
          return;
        case 'update':
          update(message);
          return;
        case 'awareness':
          announce(message.states);
          return;
        case 'query-awareness':
          ticker.request(tellEveryone);
          return;
        case 'ping':
          tellOurs(PING_FRAME);
          return;
        case 'unknown':
          return;
      }
    },
    changeRole(next) {
      if (next === role) return;
      const couldWrite = can(role, 'write');
      role = next;
      room.presence.restamp(member);
      if (couldWrite === can(role, 'write')) {
        tellOurs(roleFrame(role));
      } else if (!speaksCodesync) {
        // It would type on into nothing, or not know that it may: coming back, it finds out.
        close(CLOSE.tryAgain, 'your role has changed');
      } else {
        tellOurs(roleFrame(role));
        if (!couldWrite) {
          ask();
          recovery = asked;
        }
      }
    },
    leave: () => room.leave(member),
  };
}
