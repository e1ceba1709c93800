// What a room knows of its document's log: what it handed on, what of that a snapshot holds, and how it goes on when the log lost something (R7).
import type { DocumentId } from '@codesync/contract';
import type {
  Clock,
  Cursor,
  Logger,
  LogEntry,
  SnapshotReach,
  SnapshotStore,
  StoredDocument,
  UpdateLog,
} from '@codesync/storage';
import { createEarlyEntries } from './early-entries.ts';
import { chainStart, type HotDocument } from './hot-document.ts';
import type { Lanes } from './lanes.ts';
import type { Position } from './log-chain.ts';
import { createLogFollower } from './log-follower.ts';
import { createLogHealer } from './log-healer.ts';

export interface RoomLog {
  /** Proves that the log goes on where the document was left, or puts it right. Rejects when log or store cannot be read. */
  begin(): Promise<void>;
  /** From the log's subscription. */
  hear(entry: LogEntry): void;
  /** We appended this. */
  appended(entry: LogEntry): Position;
  /** Of what is held now. */
  position(): Position;
  /** A snapshot was committed. */
  saved(reach: SnapshotReach): void;
  /** The number of the chain to which a committed snapshot is known to reach. */
  readonly savedTo: number;
  /** Everything that is held is in a committed snapshot. */
  readonly isDurable: boolean;
  /** Since when something is not known to be in one, about (milliseconds since the epoch). */
  readonly unsavedSince: number | undefined;
  /** Pushes may have been missed, or the log may have lost some. */
  missed(): void;
  /** Compares our place with the log, when nothing says that it has changed. Rejects when the log cannot be read. */
  verify(): Promise<void>;
  /** When that was last known to be right, now while it is being put right (milliseconds since the epoch). */
  readonly verifiedAt: number;
  stop(): void;
}

export interface RoomLogDeps {
  readonly document: DocumentId;
  readonly hot: HotDocument;
  readonly log: Pick<UpdateLog, 'append' | 'read'>;
  readonly snapshots: Pick<SnapshotStore, 'load'>;
  /** Of the newest snapshot, asked for after `hot` was opened. */
  readonly head: SnapshotReach | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lanes: Lanes;
  isThere(document: DocumentId): Promise<boolean>;
  /** These are in the log, `cursor` says where: what is new of them joins the document and is shown to everyone. Throws MalformedUpdate. */
  take(updates: readonly Uint8Array[], cursor: Cursor | undefined): void;
  /** `savedTo` or `isDurable` may be another now. */
  durable(): void;
  /** What is logged and not durable has this position now. */
  moved(position: Position): void;
  /** The log was lost and is whole again: who is here may have what nobody else has. */
  healed(): void;
  /** The document was deleted. */
  gone(): void;
  /** The log, or the snapshot, holds what cannot be read (R19); nothing is handed on any more. */
  damaged(error: unknown): void;
}

export function createRoomLog(deps: RoomLogDeps): RoomLog {
  const { document, hot, log, clock, logger } = deps;
  const { chain } = hot;
  let savedTo = -1;
  /** The number of the newest snapshot of which everything is here, also what the log has lost since. */
  let provenTo = -1;
  /** A snapshot whose cursor is not in the chain: it may come, or be of another history. */
  let foretold: SnapshotReach | undefined;
  let unsavedSince: number | undefined;
  /** In the chain when the follower has come to them. */
  const early = createEarlyEntries();
  /** Of all that is held and not known to be in the chain. */
  let unplaced: { sequence: number } | undefined;
  let opening = false;
  let isLost = false;
  let damage: { readonly error: unknown } | undefined;
  let stopped = false;
  const follower = createLogFollower({
    document,
    log,
    clock,
    logger,
    chain,
    next: handOn,
    trimmed: reachedIfKnown,
    absent,
    lost,
  });
  const healer = createLogHealer({
    document,
    log,
    snapshots: deps.snapshots,
    clock,
    logger,
    held: hot,
    lanes: deps.lanes,
    isThere: (asked) => deps.isThere(asked),
    found,
    appended,
    healed: () => deps.healed(),
    gone: () => deps.gone(),
    damaged,
  });

  const isSettled = (): boolean => healer.state === 'whole' && early.size === 0;

  function later(): Position {
    unplaced ??= { sequence: Number.POSITIVE_INFINITY };
    return unplaced;
  }

  /** The one road by which an edit reaches people, whoever made it and wherever. */
  function handOn(entry: LogEntry): void {
    for (let next: LogEntry | undefined = entry; next !== undefined; next = early.after(chain.place)) {
      if (stopped || !take(next.updates, next.cursor)) return;
      early.delete(next);
      chain.add(next.cursor);
      unsavedSince ??= clock.now();
      healer.logged(next.updates);
      if (next.cursor === foretold?.cursor) confirm(foretold, chain.length);
    }
    settle();
  }

  function take(updates: readonly Uint8Array[], cursor: Cursor | undefined): boolean {
    try {
      deps.take(updates, cursor);
      return true;
    } catch (error) {
      damaged(error);
      return false;
    }
  }

  function settle(): void {
    hot.isInLog = isSettled();
    if (!hot.isInLog || unplaced === undefined) return;
    unplaced.sequence = chain.length;
    unplaced = undefined;
    deps.durable();
  }

  function reached(number: number): void {
    if (number <= savedTo) return;
    savedTo = number;
    chain.forget(number);
    unsavedSince = number === chain.length ? undefined : clock.now();
    deps.durable();
  }

  /** Some committed snapshot reaches to here; the log is trimmed no further than that (R3). */
  function reachedIfKnown(cursor: Cursor): void {
    const number = chain.numberOf(cursor);
    if (number !== undefined) reached(number);
  }

  /** Its cursor is in the chain. What it was merged on top of may be of another history: only it has then what the log lost. */
  function confirm(reach: SnapshotReach, number: number): void {
    const isProven = number <= provenTo || standsOnKnown(reach);
    if (isProven && number > provenTo) {
      provenTo = number;
      hot.saved = reach.cursor;
    }
    reached(number);
    if (!isProven) lost();
  }

  function standsOnKnown({ cursor, previous }: SnapshotReach): boolean {
    if (cursor === hot.saved || previous === hot.saved || previous === undefined) return true;
    return chain.numberOf(previous) !== undefined;
  }

  function absent(cursor: Cursor): void {
    // What is saved and neither here nor in the log was lost by the log, and the snapshot has it.
    if (cursor === foretold?.cursor || early.has(cursor)) lost();
  }

  function lost(): void {
    if (stopped || healer.state === 'lost') return;
    logger.warn({ document, place: chain.place }, 'the log does not go on where it was left');
    follower.pause();
    early.clear();
    hot.isInLog = false;
    deps.moved(later());
    if (opening) isLost = true;
    else healer.begin();
  }

  function found(stored: StoredDocument, news: readonly Uint8Array[]): void {
    if ((news.length > 0 || stored.tail.length > 0) && !take(news, undefined)) return;
    follower.pause();
    chain.restart(chainStart(stored));
    for (const { cursor } of stored.tail) chain.add(cursor);
    hot.saved = stored.snapshot?.cursor;
    unsavedSince ??= clock.now();
    settle();
    follower.doubt();
    if (hot.saved !== undefined) reachedIfKnown(hot.saved);
    const heard = foretold;
    const number = heard === undefined ? undefined : chain.numberOf(heard.cursor);
    // If it is not in the chain now, what is stored holds it, or a later snapshot says so.
    foretold = undefined;
    if (heard !== undefined && number !== undefined) confirm(heard, number);
  }

  function appended(entry: LogEntry): Position {
    if (!stopped && healer.state !== 'lost') follower.hear(entry);
    const number = chain.numberOf(entry.cursor);
    if (number !== undefined) return { sequence: number };
    if (stopped || !take(entry.updates, entry.cursor)) return later();
    if (healer.state !== 'lost' && !early.add(entry)) lost();
    settle();
    return later();
  }

  function saved(reach: SnapshotReach): void {
    const { cursor } = reach;
    const number = healer.state === 'lost' ? undefined : chain.numberOf(cursor);
    if (number !== undefined) return confirm(reach, number);
    if (cursor === hot.saved || cursor === foretold?.cursor) return;
    // It proves nothing before it is in the chain: another history may have put other text where ours was.
    foretold = reach;
    if (healer.state !== 'lost') follower.doubt(cursor);
  }

  /** The log alone does not prove that nothing is missing: what it lost before we heard of it may be in a snapshot. */
  function isKnown(head: SnapshotReach | undefined): boolean {
    if (head === undefined) return true;
    const number = chain.numberOf(head.cursor);
    if (number === undefined) return head.cursor === hot.saved;
    if (!standsOnKnown(head)) return false;
    confirm(head, number);
    return true;
  }

  function damaged(error: unknown): void {
    damage = { error };
    stop();
    deps.damaged(error);
  }

  function stop(): void {
    stopped = true;
    follower.pause();
    healer.stop();
  }

  return {
    async begin() {
      opening = true;
      if (hot.isInLog) await follower.read();
      if (!hot.isInLog || !isKnown(deps.head)) lost();
      opening = false;
      if (isLost) await healer.beginNow();
      if (damage !== undefined) throw damage.error;
      settle();
    },
    hear(entry) {
      if (stopped) return;
      if (healer.state === 'lost') take(entry.updates, entry.cursor);
      else follower.hear(entry);
    },
    appended,
    position: () => (isSettled() ? { sequence: chain.length } : later()),
    saved(reach) {
      if (!stopped) saved(reach);
    },
    get savedTo() {
      return savedTo;
    },
    get isDurable() {
      return isSettled() && savedTo === chain.length;
    },
    get unsavedSince() {
      return unsavedSince;
    },
    missed() {
      if (stopped) return;
      healer.wake();
      if (healer.state !== 'lost') follower.doubt();
    },
    async verify() {
      if (!stopped && healer.state !== 'lost') await follower.read();
    },
    get verifiedAt() {
      return healer.state === 'lost' ? clock.now() : follower.verifiedAt;
    },
    stop,
  };
}
