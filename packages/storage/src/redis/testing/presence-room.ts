// Listens and publishes as a room of the sync server does: it keeps the clock rule, and says of its own people again that they are there.
import type { DocumentId } from '@codesync/contract';
import type { PresenceBus, PresenceState } from '../../presence-bus.ts';

export interface PresenceRoom {
  /** Who is there, and where. */
  readonly present: ReadonlyMap<number, string | null>;
  /** Everything that the listener was given. */
  readonly heard: readonly PresenceState[];
  /** Who was told as gone, each time. */
  farewells(): readonly number[];
  /** One of its own people: comes, or moves. */
  enter(clientId: number, place: string): Promise<void>;
  leave(clientId: number): Promise<void>;
  close(): void;
}

export async function openPresenceRoom(bus: PresenceBus, document: DocumentId): Promise<PresenceRoom> {
  const heard: PresenceState[] = [];
  const known = new Map<number, PresenceState>();
  const own = new Map<number, string>();

  function publish(clientId: number): Promise<void> {
    const clock = Math.max(Date.now() * 1024, (known.get(clientId)?.clock ?? 0) + 1);
    const state = { clientId, clock, state: own.get(clientId) ?? null };
    known.set(clientId, state);
    return bus.publish(document, [state]);
  }

  function hear(told: PresenceState): void {
    const { clientId, clock, state } = told;
    const last = known.get(clientId);
    if (last !== undefined && (clock < last.clock || (clock === last.clock && state !== null))) return;
    known.set(clientId, told);
    if (state !== null) own.delete(clientId);
    // Rejects with Redis away: what repairs it then is under test.
    else if (own.has(clientId)) publish(clientId).catch(() => {});
  }

  const close = await bus.subscribe(document, (states) => {
    heard.push(...states);
    for (const told of states) hear(told);
  });

  return {
    heard,
    get present() {
      const here = Array.from(known).filter(([, { state }]) => state !== null);
      return new Map(here.map(([clientId, { state }]) => [clientId, state]));
    },
    farewells: () => heard.filter(({ state }) => state === null).map(({ clientId }) => clientId),
    enter(clientId, place) {
      own.set(clientId, place);
      return publish(clientId);
    },
    leave(clientId) {
      own.delete(clientId);
      return publish(clientId);
    },
    close,
  };
}
