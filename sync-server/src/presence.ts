// Who is where in one document: takes states from their owners alone (R10), stamps who they are (R12), tells each change once a tick.
import type { DocumentId } from '@codesync/contract';
import type { Clock, Logger, PresenceBus, PresenceState } from '@codesync/storage';
import { presencePart, type AnnouncedState } from './frames.ts';
import { presenceFrames } from './presence-frames.ts';
import { stampIdentity, userIdOf, type Identity } from './presence-identity.ts';
import { tellingClock } from './presence-clock.ts';
import type { Ticker } from './ticker.ts';

/** What presence knows of a connection. */
export interface PresenceMember extends Identity {
  tellPresence(frames: readonly Uint8Array[], clients: Iterable<number>): void;
}

export interface Presence {
  /** What a member says of its own clients; the rest is dropped. Throws OversizedPresence. */
  announce(member: PresenceMember, states: readonly AnnouncedState[]): void;
  /** The member's role is another now. */
  restamp(member: PresenceMember): void;
  /** The member's socket closed: its clients are gone for everyone with the next tick (R11). */
  leave(member: PresenceMember): void;
  /** From the bus: what other tasks, or we, published. */
  hear(states: readonly PresenceState[]): void;
  /** Everyone who is here (R11). */
  clients(): number[];
  /** Who has gone in the last half minute. */
  departed(): number[];
  /** Frames that tell these clients as they are now, also as gone. */
  framesOf(clients: Iterable<number>): Uint8Array[];
}

/** A state takes more room than others should have to keep for it. */
export class OversizedPresence extends Error {}

/** A state as JSON, in UTF-16 units: cursors and selections take a few hundred. */
const MAX_STATE_LENGTH = 16 * 1024;

/** Awareness clients that one connection may speak for; stock clients have one. More are dropped. */
const MAX_CLIENTS = 8;

/**
 * What was published before someone left may still come back from the bus: for so long it is known to be old. And a stock client keeps
 * someone of whom it hears nothing for as long. In milliseconds.
 */
const REMEMBER_GONE = 30_000;

/** Until what the bus refused is published again, in milliseconds. */
const RETRY = 1_000;

interface Person {
  /** Of this task: the connection whose states count. undefined: on another task, or gone. */
  owner: PresenceMember | undefined;
  /** The last clock that the owner said. */
  announced: number;
  /** The last clock on the bus. */
  published: number;
  /** The last clock that our sockets were told. */
  told: number;
  /** JSON; null when gone or hidden. */
  state: string | null;
  /** Whose `state` is, once somebody asked; reading it from JSON each time would be a way to keep us busy. */
  user?: unknown;
}

export function createPresence(deps: {
  document: DocumentId;
  bus: Pick<PresenceBus, 'publish'>;
  clock: Clock;
  ticker: Ticker;
  logger: Logger;
  members(): Iterable<PresenceMember>;
}): Presence {
  const { document, bus, clock, ticker, logger } = deps;
  const people = new Map<number, Person>();
  const clientsOf = new Map<PresenceMember, Set<number>>();
  /** To be told at the next tick. */
  const dirty = new Set<number>();
  /** Changed by this task: to be published with the next tick, too, and with a later one if the bus refuses it. */
  const ours = new Set<number>();
  /** Who has gone and when, oldest first. */
  const gone = new Map<number, number>();
  let refused = false;

  function change(clientId: number, isOurs: boolean): void {
    dirty.add(clientId);
    if (isOurs) ours.add(clientId);
    ticker.request(flush);
  }

  function isTheirs(person: Person | undefined, member: PresenceMember): boolean {
    if (person === undefined || (person.owner === undefined && person.state === null)) return true;
    // The same person again, whose last socket is not known to be dead yet: seen at once, not after a timeout.
    person.user ??= person.owner?.user.id ?? userIdOf(person.state);
    return person.user === member.user.id;
  }

  function own(member: PresenceMember, clientId: number): void {
    const clients = clientsOf.get(member) ?? new Set();
    clientsOf.set(member, clients.add(clientId));
  }

  function take(member: PresenceMember, { clientId, clock: said, state }: AnnouncedState): void {
    const known = people.get(clientId);
    if (known?.owner === member) {
      const isNews = said > known.announced || (said === known.announced && state === null && known.state !== null);
      if (!isNews) return;
    } else {
      // Nobody is taken away by another: stock clients say of everyone who left that they left.
      if (state === null || !isTheirs(known, member)) return;
      if ((clientsOf.get(member)?.size ?? 0) >= MAX_CLIENTS) return;
    }
    const json = state === null ? null : stampIdentity(state, member);
    if (json !== null && json.length > MAX_STATE_LENGTH) {
      throw new OversizedPresence('a presence state has at most 16 kB');
    }
    if (known?.owner !== undefined) clientsOf.get(known.owner)?.delete(clientId);
    own(member, clientId);
    gone.delete(clientId);
    const { published, told } = known ?? { published: 0, told: 0 };
    people.set(clientId, { owner: member, announced: said, published, told, state: json });
    change(clientId, true);
  }

  function hearOne({ clientId, clock: heard, state }: PresenceState): void {
    const known = people.get(clientId);
    if (known !== undefined && heard < known.published) return;
    if (known !== undefined && heard === known.published && (state !== null || known.state === null)) return;
    if (known?.owner !== undefined) {
      if (state === null) {
        // Another task saw this client's last socket close after the client had come to us: they are here.
        known.published = heard;
        change(clientId, true);
        return;
      }
      clientsOf.get(known.owner)?.delete(clientId);
    }
    ours.delete(clientId);
    people.set(clientId, { owner: undefined, announced: 0, published: heard, told: known?.told ?? 0, state });
    if (state === null) gone.set(clientId, clock.now());
    else gone.delete(clientId);
    // As long as nobody is here it is only remembered: whoever opens the document may be this very person, who comes back.
    const isNews = known !== undefined || state !== null || Array.from(deps.members()).length > 0;
    if (isNews) change(clientId, false);
  }

  function partOf(clientId: number, person: Person, now: number): Uint8Array {
    person.told = tellingClock(now, person.told);
    return presencePart(clientId, person.told, person.state);
  }

  /** Other tasks tell these clients by their own clocks: one that was set back here must not have us believed by nobody who comes from there. */
  const tellingTime = (): number => Math.max(clock.now(), clock.steady());

  function flush(): void {
    const now = tellingTime();
    const parts = new Map<number, Uint8Array>();
    const owners = new Set<PresenceMember>();
    for (const clientId of dirty) {
      const person = people.get(clientId);
      if (person === undefined) continue;
      parts.set(clientId, partOf(clientId, person, now));
      if (person.owner !== undefined) owners.add(person.owner);
    }
    const publications: PresenceState[] = [];
    for (const clientId of ours) {
      const person = people.get(clientId);
      if (person === undefined) continue;
      person.published = tellingClock(now, person.published);
      publications.push({ clientId, clock: person.published, state: person.state });
    }
    dirty.clear();
    ours.clear();
    forgetGone(clock.now());
    if (parts.size > 0) tell(parts, owners);
    if (publications.length > 0) publish(publications);
  }

  function forgetGone(now: number): void {
    for (const [clientId, at] of gone) {
      if (now - at < REMEMBER_GONE) break;
      gone.delete(clientId);
      people.delete(clientId);
    }
  }

  function tell(parts: ReadonlyMap<number, Uint8Array>, owners: ReadonlySet<PresenceMember>): void {
    const everyone = presenceFrames(parts.values());
    const clients = Array.from(parts.keys());
    for (const member of deps.members()) {
      if (!owners.has(member)) {
        member.tellPresence(everyone, clients);
        continue;
      }
      // One's own state, told back late and under the server's clock, would put one's own cursor back.
      const others = clients.filter((clientId) => people.get(clientId)?.owner !== member);
      if (others.length === 0) continue;
      member.tellPresence(presenceFrames(others.flatMap((clientId) => parts.get(clientId) ?? [])), others);
    }
  }

  function publish(states: readonly PresenceState[]): void {
    bus.publish(document, states).then(
      () => void (refused = false),
      (error: unknown) => {
        if (!refused) logger.warn({ document, error }, 'presence was not published; trying again');
        refused = true;
        for (const { clientId, clock: said } of states) {
          // Who has come to another task since is theirs to tell: said again by us they would stay when they leave there (R11).
          if (people.get(clientId)?.published === said) ours.add(clientId);
        }
        clock.after(RETRY, () => ticker.request(flush));
      },
    );
  }

  return {
    announce(member, states) {
      for (const state of states) take(member, state);
    },
    restamp(member) {
      for (const clientId of clientsOf.get(member) ?? []) {
        const person = people.get(clientId);
        if (person === undefined || person.state === null) continue;
        person.state = stampIdentity(JSON.parse(person.state) as Record<string, unknown>, member);
        change(clientId, true);
      }
    },
    leave(member) {
      for (const clientId of clientsOf.get(member) ?? []) {
        const person = people.get(clientId);
        if (person === undefined) continue;
        person.owner = undefined;
        person.state = null;
        gone.set(clientId, clock.now());
        change(clientId, true);
      }
      clientsOf.delete(member);
    },
    hear(states) {
      for (const state of states) hearOne(state);
    },
    clients: () => Array.from(people.keys()).filter((clientId) => people.get(clientId)?.state !== null),
    departed: () => Array.from(gone.keys()),
    framesOf(clients) {
      const now = tellingTime();
      const parts = Array.from(clients, (clientId) => {
        const person = people.get(clientId);
        return person === undefined
          ? presencePart(clientId, tellingClock(now, 0), null)
          : partOf(clientId, person, now);
      });
      return presenceFrames(parts);
    },
  };
}
