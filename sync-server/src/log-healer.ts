// Puts right what follows when a log is not the one any more that was followed: it lost its tail (R7), or was trimmed beyond us (R3).
//
// What is stored and what is held are put together: what was not held is handed over, and what the log lacks is added to it again,
// which for Yjs changes nothing where it was there after all. What is held is never given up for what is stored.
import type { DocumentId } from '@codesync/contract';
import {
  readDocument,
  type Cancel,
  type Clock,
  type Logger,
  type LogEntry,
  type SnapshotStore,
  type StoredDocument,
  type UpdateLog,
} from '@codesync/storage';
import { hotDocumentOf, type HotDocument } from './hot-document.ts';
import type { Lanes } from './lanes.ts';
import { concatenate } from './yjs/update-parts.ts';
import { MalformedUpdate, summarize, type UpdateSummary } from './yjs/update-summary.ts';

export interface LogHealer {
  /** lost: where the log goes on is not known. owing: that is known, and the log may lack some of what is held. */
  readonly state: 'whole' | 'lost' | 'owing';
  /** The log does not go on where it was left. Tries until it succeeds. */
  begin(): void;
  /** The same for someone who waits for it: rejects, as readDocument does, when it does not succeed at once. */
  beginNow(): Promise<void>;
  /** The log goes on with these. */
  logged(updates: readonly Uint8Array[]): void;
  /** A part that did not answer may be there again. */
  wake(): void;
  stop(): void;
}

export interface HealerDeps {
  readonly document: DocumentId;
  readonly log: Pick<UpdateLog, 'append' | 'read'>;
  readonly snapshots: Pick<SnapshotStore, 'load'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly held: HotDocument;
  /** For reading whole documents; who waits for one does not wait for the others. */
  readonly lanes: Lanes;
  /** Whether the document was not deleted: an empty log alone does not tell. */
  isThere(document: DocumentId): Promise<boolean>;
  /** The document as it is stored, and what of it is not held. The log is followed from its place on. */
  found(stored: StoredDocument, news: readonly Uint8Array[]): void;
  /** We added this to the log. */
  appended(entry: LogEntry): void;
  /** The log, with its snapshot, has all that was held. */
  healed(): void;
  /** The document was deleted: nothing of it is added again. */
  gone(): void;
  /** What is stored cannot be read (R19). */
  damaged(error: MalformedUpdate): void;
}

/** Of several tasks that hold what was lost usually one adds it, and the others find it there. In milliseconds. */
const SPREAD = 300;
const RETRY = { first: 500, longest: 5_000 } as const;
/** A log that is lost again and again must not have us read whole documents without a pause. */
const INTERVAL = 1_000;
/** One entry of the log holds about this much at most. */
const ENTRY_BYTES = 4 * 1024 * 1024;

interface Piece {
  readonly update: Uint8Array;
  readonly summary: UpdateSummary;
}

export function createLogHealer(deps: HealerDeps): LogHealer {
  const { document, log, snapshots, clock, logger, held, lanes } = deps;
  let state: LogHealer['state'] = 'whole';
  /** What the log lacks, as far as `logged` does not know it: the stored document, which grows with the log. */
  let debt: { readonly logged: HotDocument; pieces: readonly Piece[] } | undefined;
  /** Only the newest one counts. */
  let round = 0;
  let begunAt = Number.NEGATIVE_INFINITY;
  let resting: { readonly end: () => void; readonly isRetry: boolean } | undefined;

  const isCurrent = (mine: number): boolean => mine === round;

  function open(): number {
    state = 'lost';
    debt = undefined;
    close();
    return round;
  }

  function close(): void {
    round += 1;
    resting?.end();
  }

  async function heal(mine: number): Promise<void> {
    const early = begunAt + INTERVAL - clock.now();
    if (early > 0) await rest(early, false);
    await untilDone(mine, () => lanes.run(() => compare(mine)));
    await pay(mine);
  }

  async function compare(mine: number): Promise<void> {
    if (!isCurrent(mine)) return;
    begunAt = clock.now();
    const stored = await readDocument(document, log, snapshots);
    if (!isCurrent(mine)) return;
    let logged: HotDocument;
    try {
      logged = hotDocumentOf(stored);
    } catch (error) {
      if (!(error instanceof MalformedUpdate)) throw error;
      deps.damaged(error);
      return;
    }
    const news = beyond(logged, held);
    const pieces = beyond(held, logged);
    if (pieces.length > 0) debt = { logged, pieces };
    state = debt === undefined ? 'whole' : 'owing';
    deps.found(
      stored,
      news.map(({ update }) => update),
    );
    if (state === 'whole') deps.healed();
  }

  async function pay(mine: number): Promise<void> {
    if (!isCurrent(mine) || debt === undefined) return;
    await rest(SPREAD * Math.random(), false);
    await untilDone(mine, () => addAgain(mine));
  }

  /** What others added meanwhile is not owed any more. It is paid when it comes back from the log. */
  async function addAgain(mine: number): Promise<void> {
    if (!isCurrent(mine) || debt === undefined) return;
    if (!(await deps.isThere(document))) {
      if (isCurrent(mine)) deps.gone();
      return;
    }
    if (!isCurrent(mine) || debt === undefined) return;
    const entries = inEntries(debt.pieces);
    logger.warn({ document, entries: entries.length }, 'the log lacks what it had before; adding it again');
    for (const updates of entries) {
      const position = await log.append(document, updates);
      if (!isCurrent(mine)) return;
      deps.appended({ ...position, updates });
    }
  }

  async function untilDone(mine: number, job: () => Promise<void>): Promise<void> {
    for (let pause: number = RETRY.first; isCurrent(mine); pause = Math.min(2 * pause, RETRY.longest)) {
      try {
        await job();
        return;
      } catch (error) {
        if (!isCurrent(mine)) return;
        logger.warn({ document, error }, 'a log that was lost is not put right yet; trying again');
        await rest(pause, true);
      }
    }
  }

  function rest(milliseconds: number, isRetry: boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        resting = undefined;
        resolve();
      };
      const cancel: Cancel = clock.after(milliseconds, end);
      resting = { end, isRetry };
    });
  }

  return {
    get state() {
      return state;
    },
    begin() {
      void heal(open());
    },
    async beginNow() {
      const mine = open();
      await compare(mine);
      void pay(mine);
    },
    logged(updates) {
      if (debt === undefined) return;
      const { logged } = debt;
      for (const update of updates) logged.add(update, summarize(update));
      debt.pieces = debt.pieces.filter(({ summary }) => !logged.knows(summary));
      if (debt.pieces.length > 0) return;
      debt = undefined;
      state = 'whole';
      deps.healed();
    },
    wake() {
      if (resting?.isRetry === true) resting.end();
    },
    stop: close,
  };
}

/** What one document has and the other one lacks: structs and deletions (R6). */
function beyond(one: HotDocument, other: HotDocument): Piece[] {
  return Array.from(one.updatesFor(other.stateVector), concatenate)
    .map((update) => ({ update, summary: summarize(update) }))
    .filter(({ summary }) => !other.knows(summary));
}

function inEntries(pieces: readonly Piece[]): Uint8Array[][] {
  const entries: Uint8Array[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const { update } of pieces) {
    bytes += update.byteLength;
    if (bytes > ENTRY_BYTES) {
      entries.push([]);
      bytes = update.byteLength;
    }
    entries.at(-1)?.push(update);
  }
  return entries;
}
