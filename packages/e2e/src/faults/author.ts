// One author through a round: types, loses the connection, comes back to another task, perhaps closes the tab; and what was promised to them.
import { setTimeout as sleep } from 'node:timers/promises';
import { connectAckedClient, type AckedClient } from '../acked-client.ts';
import { createRovingSocket } from '../roving-socket.ts';
import { connectStockClient, type StockClient } from '../stock-client.ts';
import type { Patch } from '../traces.ts';
import { createHand } from './hand.ts';
import type { AuthorPlan } from './plan.ts';
import { createRandom, type Random } from './random.ts';

export interface Author {
  readonly plan: AuthorPlan;
  readonly client: StockClient;
  /** The same, if this author knows what was acknowledged. */
  readonly acked: AckedClient | undefined;
  /** The tab is open. */
  readonly isHere: boolean;
  readonly actions: number;
  /** Codes with which a server told this client not to come back. */
  readonly refusals: readonly number[];
  /** Types until told to stop, or until the tab is closed; then everyone who is here has a connection, or is getting one. */
  work(stop: AbortSignal): Promise<void>;
  /** Yjs client ids that this author sees in the document, their own included. */
  sees(): ReadonlySet<number>;
  close(): void;
}

export interface AuthorOptions {
  readonly plan: AuthorPlan;
  readonly document: string;
  readonly token: string;
  /** What was recorded, if this author types that. */
  readonly session: readonly (readonly Patch[])[] | undefined;
  /** Where the first connection goes. */
  readonly first: string;
  /** Where a later one goes. */
  next(random: Random): string;
}

/** An author says where the caret is after so many actions. */
const SAY_CARET = 3;

export function openAuthor(where: AuthorOptions): Author {
  const { plan, document, token, first } = where;
  const random = createRandom(plan.seed);
  const ways = createRandom(plan.seed + 1);
  let connections = 0;
  const options = {
    url: first,
    document,
    token,
    WebSocket: createRovingSocket(() => (connections++ === 0 ? first : where.next(ways))),
  };
  const acked = plan.client === 'acked' ? connectAckedClient(options) : undefined;
  const client = acked ?? connectStockClient({ ...options, version: plan.client === 'y-websocket 2' ? 2 : 3 });
  const { provider, text } = client;
  const hand = createHand(text, random, where.session);
  const refusals: number[] = [];
  let actions = 0;
  let here = true;
  const isHere = (): boolean => here;

  provider.on('connection-close', (event) => {
    if (event !== null && event.code >= 4400 && event.code < 4500) refusals.push(event.code);
  });

  const events = [
    ...plan.absences.flatMap(({ at, lasts }) => [
      { at, happen: () => isHere() && provider.disconnect() },
      { at: at + lasts, happen: () => isHere() && provider.connect() },
    ]),
    ...(plan.leaves === undefined ? [] : [{ at: plan.leaves.at, happen: leave }]),
  ].toSorted((a, b) => a.at - b.at);

  function leave(): void {
    here = false;
    if (plan.leaves?.politely === false) vanish(client);
    client.close();
  }

  function type(): void {
    hand.act();
    actions += 1;
    if (actions % SAY_CARET !== 0) return;
    provider.awareness.setLocalStateField('selection', { anchor: hand.caret, head: hand.caret });
  }

  return {
    plan,
    client,
    acked,
    get isHere() {
      return here;
    },
    get actions() {
      return actions;
    },
    refusals,
    async work(stop) {
      const begun = performance.now();
      while (!stop.aborted && isHere()) {
        for (const now = performance.now() - begun; (events[0]?.at ?? Infinity) <= now;) events.shift()?.happen();
        if (isHere()) type();
        await sleep(random.below(2 * plan.pace));
      }
      if (isHere()) provider.connect();
    },
    sees: () => new Set(provider.awareness.getStates().keys()),
    close() {
      if (here) client.close();
      here = false;
    },
  };
}

/** The socket ends without a goodbye, as when a laptop is closed. */
function vanish({ provider }: StockClient): void {
  const socket: unknown = provider.ws;
  provider.shouldConnect = false;
  if (
    typeof socket === 'object' &&
    socket !== null &&
    'terminate' in socket &&
    typeof socket.terminate === 'function'
  ) {
    socket.terminate();
  }
}
