// Which of my edits the server has, proven by its acks (R1, R24). Acks count messages of one connection; edits are counted
// over the whole session, because a reconnect's step 2 carries many edits in one message.

export interface EditCounts {
  /** Edits made in this tab. */
  readonly edits: number;
  /** The first so many are in the server's log. */
  readonly logged: number;
  /** The first so many are in a committed snapshot. */
  readonly durable: number;
}

export interface EditLedger {
  counts(): EditCounts;
  /** One local edit happened. */
  edited(): void;
  /** One document message left on this connection; it carries every edit made so far. */
  sent(): void;
  /** The server logged the first `count` messages of this connection. */
  logged(count: number): void;
  /** The server stored the first `count` messages of this connection. */
  durable(count: number): void;
  /** The connection is gone: counting of messages starts again at 0. */
  dropped(): void;
}

export function createEditLedger(): EditLedger {
  let edits = 0;
  let logged = 0;
  let durable = 0;
  // Edits that each message of this connection carried; messages already durable are dropped from the front.
  let carried: number[] = [];
  let forgotten = 0;

  const carriedBy = (count: number): number => carried[Math.min(count - forgotten, carried.length) - 1] ?? 0;

  return {
    counts: () => ({ edits, logged, durable }),
    edited() {
      edits++;
    },
    sent() {
      carried.push(edits);
    },
    logged(count) {
      logged = Math.max(logged, carriedBy(count));
    },
    durable(count) {
      durable = Math.max(durable, carriedBy(count));
      logged = Math.max(logged, durable);
      const known = Math.min(count - forgotten, carried.length);
      if (known <= 0) return;
      carried = carried.slice(known);
      forgotten += known;
    },
    dropped() {
      carried = [];
      forgotten = 0;
    },
  };
}
