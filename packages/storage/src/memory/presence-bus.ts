// The presence bus within one process: the production adapter of the one-process mode. `connect` opens what another task would hold.
import type { DocumentId } from '@codesync/contract';
import { systemClock, type Clock } from '../clock.ts';
import { createListeners, type Listeners } from '../listeners.ts';
import { silentLogger, type Logger } from '../logger.ts';
import type { PresenceBus, PresenceState } from '../presence-bus.ts';
import type { Unsubscribe } from '../update-log.ts';

export interface MemoryPresenceBus extends PresenceBus {
  /** Another instance over the same people, as another task has it. Closing one tells its clients as gone. */
  connect(): PresenceBus;
}

type States = readonly PresenceState[];
/** Which instance published a client's state: its closing is what makes the client a ghost. */
type Owner = symbol;

interface Room {
  readonly present: Map<number, { readonly state: PresenceState; readonly owner: Owner }>;
  readonly listeners: Listeners<States>;
}

/** Who has gone, and when. */
interface Departure {
  readonly document: DocumentId;
  readonly state: PresenceState;
  readonly at: number;
}

interface Backend {
  /** Only documents in which someone is present or listening. */
  readonly rooms: Map<DocumentId, Room>;
  /** By document and client, oldest first. */
  readonly departures: Map<string, Departure>;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

/** In milliseconds: a stock client keeps someone of whom it hears nothing for so long. */
const REMEMBER_GONE = 30_000;

export function createMemoryPresenceBus(
  options: { logger?: Logger; clock?: Pick<Clock, 'now'> } = {},
): MemoryPresenceBus {
  const { logger = silentLogger, clock = systemClock } = options;
  const backend: Backend = { rooms: new Map(), departures: new Map(), clock, logger };
  return { ...connect(backend), connect: () => connect(backend) };
}

function connect(backend: Backend): PresenceBus {
  const owner: Owner = Symbol('task');
  const subscriptions = new Set<Unsubscribe>();
  let closed = false;

  function assertOpen(): void {
    if (closed) throw new Error('the presence bus is closed');
  }

  return {
    async publish(document, states) {
      assertOpen();
      await tell(backend, document, owner, states);
    },

    async subscribe(document, listener) {
      assertOpen();
      const room = open(backend, document);
      const present = Array.from(room.present.values(), ({ state }) => state);
      const remove = room.listeners.add(listener);
      const unsubscribe = (): void => {
        remove();
        subscriptions.delete(unsubscribe);
        letGo(backend, document);
      };
      subscriptions.add(unsubscribe);
      const known = [...present, ...departed(backend, document)];
      if (known.length > 0) listener(known);
      return unsubscribe;
    },

    async check() {
      assertOpen();
    },

    async close() {
      if (closed) return;
      closed = true;
      for (const unsubscribe of Array.from(subscriptions)) unsubscribe();
      for (const [document, room] of Array.from(backend.rooms)) {
        const ghosts = Array.from(room.present.values(), (known) => known)
          .filter((known) => known.owner === owner)
          .map(({ state }) => ({ clientId: state.clientId, clock: state.clock + 1, state: null }));
        await tell(backend, document, owner, ghosts);
      }
    },
  };
}

async function tell(backend: Backend, document: DocumentId, owner: Owner, states: States): Promise<void> {
  const room = open(backend, document);
  const news = states.filter((state) => isNews(state, room.present.get(state.clientId)?.state));
  for (const state of news) {
    if (state.state === null) room.present.delete(state.clientId);
    else room.present.set(state.clientId, { state, owner });
    noteDeparture(backend, document, state);
  }
  // In a later microtask, so that what a listener publishes comes after this for every listener.
  await Promise.resolve();
  if (news.length > 0) room.listeners.deliver(news);
  letGo(backend, document);
}

function noteDeparture({ departures, clock }: Backend, document: DocumentId, state: PresenceState): void {
  const key = `${document} ${state.clientId}`;
  departures.delete(key);
  if (state.state === null) departures.set(key, { document, state, at: clock.now() });
  for (const [oldest, { at }] of departures) {
    if (clock.now() - at < REMEMBER_GONE) break;
    departures.delete(oldest);
  }
}

function departed({ departures, clock }: Backend, document: DocumentId): PresenceState[] {
  const all = Array.from(departures.values()).filter(({ at }) => clock.now() - at < REMEMBER_GONE);
  return all.filter((departure) => departure.document === document).map(({ state }) => state);
}

/** The rule of y-protocols: a higher clock, or the same clock saying that the client has gone. */
function isNews(state: PresenceState, known: PresenceState | undefined): boolean {
  return known === undefined || state.clock > known.clock || (state.clock === known.clock && state.state === null);
}

function open(backend: Backend, document: DocumentId): Room {
  const room = backend.rooms.get(document) ?? {
    present: new Map(),
    listeners: createListeners<States>(backend.logger),
  };
  backend.rooms.set(document, room);
  return room;
}

function letGo(backend: Backend, document: DocumentId): void {
  const room = backend.rooms.get(document);
  if (room !== undefined && room.present.size === 0 && room.listeners.size === 0) backend.rooms.delete(document);
}
