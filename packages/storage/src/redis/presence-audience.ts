// Those on this task who listen to one document's presence, and what they were told.
import { createListeners } from '../listeners.ts';
import type { Logger } from '../logger.ts';
import type { PresenceState } from '../presence-bus.ts';
import type { Unsubscribe } from '../update-log.ts';
import type { OwnedState } from './presence-states.ts';

export interface Audience {
  /** Gives it everyone present and those who have just gone, and from now on what changes. */
  admit(listener: (states: readonly PresenceState[]) => void): Unsubscribe;
  /** Tells what of this is news. */
  hear(states: readonly OwnedState[]): void;
  /** Tells it also to whoever was told before: they have published as if they had not heard it. */
  insist(states: readonly OwnedState[]): void;
  /** Everyone of whom it was told, and not that they have gone. */
  present(): readonly OwnedState[];
  isPresent(clientId: number): boolean;
  /** Since when these clients have been missing from the records; who is not among `missing` is no longer. In milliseconds. */
  suspect(missing: readonly OwnedState[]): ReadonlyMap<OwnedState, number>;
}

/**
 * Redis' replies and messages overtake each other: for so long it is known that someone has gone, in milliseconds. Longer than any
 * command takes, and as long as a stock client that has missed it goes on seeing them.
 */
const REMEMBER_GONE = 30_000;

export function createAudience(logger: Logger, now: () => number): Audience {
  const listeners = createListeners<readonly PresenceState[]>(logger);
  const present = new Map<number, OwnedState>();
  /** With which clock, and when; oldest first. */
  const gone = new Map<number, { readonly clock: number; readonly at: number }>();
  let suspects = new Map<number, number>();

  /** The rule of y-protocols: a higher clock, or the same clock saying that the client has gone. */
  function isNews({ clientId, clock, state }: OwnedState): boolean {
    const left = gone.get(clientId);
    if (left !== undefined) return clock > left.clock;
    const known = present.get(clientId);
    return known === undefined || clock > known.clock || (clock === known.clock && state === null);
  }

  function note(told: OwnedState): void {
    const { clientId, clock } = told;
    gone.delete(clientId);
    if (told.state !== null) {
      present.set(clientId, told);
      return;
    }
    present.delete(clientId);
    gone.set(clientId, { clock, at: now() });
  }

  function forgetGone(): void {
    for (const [clientId, { at }] of gone) {
      if (now() - at < REMEMBER_GONE) break;
      gone.delete(clientId);
    }
  }

  return {
    admit(listener) {
      const newcomer = createListeners<readonly PresenceState[]>(logger);
      newcomer.add(listener);
      forgetGone();
      const departed = Array.from(gone, ([clientId, { clock }]) => ({ clientId, clock, state: null }));
      const known = [...Array.from(present.values(), publicOf), ...departed];
      if (known.length > 0) newcomer.deliver(known);
      return listeners.add(listener);
    },
    hear(states) {
      forgetGone();
      const news = states.filter(isNews);
      for (const state of news) note(state);
      if (news.length > 0) listeners.deliver(news.map(publicOf));
    },
    insist(states) {
      // Redis' reply may be later than the news that they are there again.
      const told = states.filter(({ clientId, clock }) => clock >= (present.get(clientId)?.clock ?? 0));
      for (const state of told) note(state);
      if (told.length > 0) listeners.deliver(told.map(publicOf));
    },
    present: () => Array.from(present.values()),
    isPresent: (clientId) => present.has(clientId),
    suspect(missing) {
      const since = new Map(missing.map((state) => [state, suspects.get(state.clientId) ?? now()]));
      suspects = new Map(Array.from(since, ([{ clientId }, at]) => [clientId, at]));
      return since;
    },
  };
}

function publicOf({ clientId, clock, state }: OwnedState): PresenceState {
  return { clientId, clock, state };
}
