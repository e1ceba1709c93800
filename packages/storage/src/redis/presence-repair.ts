// Makes agree again what Redis keeps of presence, what this task published and what its listeners were told, after anything that could have parted them.
import type { DocumentId } from '@codesync/contract';
import type { Logger } from '../logger.ts';
import type { Audience } from './presence-audience.ts';
import type { OwnClients } from './presence-own.ts';
import type { PresenceRecords } from './presence-records.ts';
import type { OwnedState, TaskId } from './presence-states.ts';
import type { TaskWatch } from './task-watch.ts';

export interface PresenceRepair {
  /** Publishes what holds and is not there, and tells this task's listeners what they missed. */
  compare(document: DocumentId): Promise<void>;
  /** Compares them soon, and those that are still in doubt. */
  doubt(documents: Iterable<DocumentId>): void;
  /** Compares again where clients are missing of whom nobody said that they have gone. */
  doubtMissing(): void;
  /** The task is alive after all: whom it has may be told. */
  revive(task: TaskId): void;
  /** Tells a dead task's clients as gone wherever they are known here, then forgets the task. Never rejects. */
  bury(task: TaskId): Promise<void>;
  stop(): void;
}

/** Documents in hand at once: after an outage it is all of them, and people's keystrokes wait behind. */
const AT_ONCE = 100;

/**
 * How long someone of whom the listeners were told may be missing from the records, in milliseconds. Redis may have come back
 * empty: whoever's client it is has to have time to say so again.
 */
const MISSING = 5_000;

export function createPresenceRepair(deps: {
  readonly records: PresenceRecords;
  readonly watch: TaskWatch;
  readonly own: OwnClients;
  readonly rooms: ReadonlyMap<DocumentId, { readonly audience: Audience }>;
  readonly now: () => number;
  readonly logger: Logger;
}): PresenceRepair {
  const { records, watch, own, rooms, now, logger } = deps;
  const doubtful = new Set<DocumentId>();
  /** Documents with clients who are missing. */
  const unsettled = new Set<DocumentId>();
  /** Documents with clients who were not told, because their task did not seem alive. */
  const withheld = new Map<TaskId, Set<DocumentId>>();
  const burying = new Set<TaskId>();
  let running = false;
  let failing = false;
  let stopped = false;

  async function compare(document: DocumentId): Promise<void> {
    await watch.introduce();
    // What is published after the goodbye would stay.
    if (stopped) throw new Error('the presence bus is closed');
    const { present, gone, lately, refused } = await records.compare(document, own.of(document));
    own.hear(document, [...present, ...refused]);
    own.agreed(document);
    const audience = rooms.get(document)?.audience;
    if (audience === undefined) return;
    const alive = await watch.alive(new Set(present.map(({ owner }) => owner)));
    for (const { owner } of present) if (!alive.has(owner)) withhold(owner, document);
    audience.hear(present.filter(({ owner }) => alive.has(owner)));
    // Whoever published for these clients publishes again when it hears that they have gone.
    audience.insist(refused);
    audience.hear(gone.filter(({ clientId }) => audience.isPresent(clientId)));
    // Also of whom nobody here was told: who comes from another task was.
    audience.hear(lately);
    await settleMissing(document, audience, new Set(present.map(({ clientId }) => clientId)));
  }

  function withhold(owner: TaskId, document: DocumentId): void {
    const documents = withheld.get(owner) ?? new Set();
    withheld.set(owner, documents.add(document));
  }

  async function settleMissing(document: DocumentId, audience: Audience, found: ReadonlySet<number>): Promise<void> {
    const missing = audience.present().filter(({ clientId }) => !found.has(clientId) && !own.has(document, clientId));
    const since = Array.from(audience.suspect(missing));
    if (since.length === 0) unsettled.delete(document);
    else unsettled.add(document);
    const lost = since.filter(([, at]) => now() - at >= MISSING).map(([state]) => state);
    if (lost.length > 0) await records.bury(document, '', lost);
  }

  async function compareOrDoubt(document: DocumentId): Promise<void> {
    try {
      await compare(document);
    } catch (error) {
      if (!stopped) doubtful.add(document);
      throw error;
    }
  }

  /** At a failure it stops until it is asked again. */
  async function run(): Promise<void> {
    if (running) return;
    running = true;
    try {
      while (doubtful.size > 0) {
        const batch = Array.from(doubtful).slice(0, AT_ONCE);
        for (const document of batch) doubtful.delete(document);
        await Promise.all(batch.map(compareOrDoubt));
      }
      failing = false;
    } catch (error) {
      if (!failing && !stopped) logger.warn({ error }, 'presence cannot be compared with Redis; trying again');
      failing = true;
    } finally {
      running = false;
    }
  }

  function doubt(documents: Iterable<DocumentId>): void {
    if (stopped) return;
    for (const document of documents) doubtful.add(document);
    void run();
  }

  function knownClients(document: DocumentId, dead: TaskId): OwnedState[] {
    const present = rooms.get(document)?.audience.present() ?? [];
    return present.filter(({ owner }) => owner === dead);
  }

  async function buryEverywhere(dead: TaskId): Promise<void> {
    const known = Array.from(rooms.keys()).filter((document) => knownClients(document, dead).length > 0);
    const documents = Array.from(new Set([...known, ...(withheld.get(dead) ?? [])]));
    for (let from = 0; from < documents.length; from += AT_ONCE) {
      const batch = documents.slice(from, from + AT_ONCE);
      await Promise.all(batch.map((document) => records.bury(document, dead, knownClients(document, dead))));
    }
    withheld.delete(dead);
    watch.forget(dead);
    logger.info({ task: dead, documents: documents.length }, 'a task has died: its clients are told as gone');
    // In case what was told then did not arrive here.
    doubt(documents);
  }

  return {
    compare,
    doubt,
    doubtMissing: () => doubt(Array.from(unsettled).filter((document) => rooms.has(document))),
    revive(revived) {
      doubt(withheld.get(revived) ?? []);
      withheld.delete(revived);
    },
    async bury(dead) {
      if (burying.has(dead)) return;
      burying.add(dead);
      try {
        await buryEverywhere(dead);
      } catch (error) {
        logger.warn({ task: dead, error }, 'the clients of a dead task cannot be told as gone; trying again');
      } finally {
        burying.delete(dead);
      }
    },
    stop() {
      stopped = true;
      doubtful.clear();
    },
  };
}
