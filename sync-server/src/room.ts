// One document and everyone on this task who has it open: their updates go into the log, and what the log holds goes to all of them.
import { CLOSE, MAX_DOCUMENT_BYTES, type CloseCode, type DocumentId } from '@codesync/contract';
import type { Clock, Cursor, Logger, SnapshotReach, SnapshotStore, UpdateLog } from '@codesync/storage';
import type { ByteBudget } from './byte-budget.ts';
import { MAX_OUTGOING_UPDATE_BYTES, updateFrame } from './frames.ts';
import type { HotDocument } from './hot-document.ts';
import type { Lanes } from './lanes.ts';
import type { Position } from './log-chain.ts';
import { createLogWriter, type Appended, type Batch, type Submission } from './log-writer.ts';
import type { OutboxSource } from './outbox.ts';
import type { Presence, PresenceMember } from './presence.ts';
import { createRoomLog, type RoomLog } from './room-log.ts';
import type { Edit } from './snapshot-schedule.ts';
import { splitUpdate } from './yjs/compose-updates.ts';
import { concatenate, type UpdateParts } from './yjs/update-parts.ts';
import { summarize, type UpdateSummary } from './yjs/update-summary.ts';

/** What a room knows of a connection. */
export interface Member extends PresenceMember {
  /** Document frames, in log order. */
  deliver(frames: readonly Uint8Array[]): void;
  /** Its update frames up to this number are in the log, the last of them at this position. */
  logged(number: number, position: Position): void;
  /** A committed snapshot reaches to this number of the log's chain. */
  saved(sequence: number): void;
  /** What is logged and not durable has this position now. */
  moved(position: Position): void;
  /** It has answered all that it was asked for: what it writes from now on stands on what the server has. */
  readonly isLive: boolean;
  /** Something is missing before an update of its that came: asks for all that the server lacks. */
  askAgain(): void;
  /** The log has lost something: asks for all that the server lacks, however often it was asked before. */
  askForLost(): void;
  close(code: CloseCode, reason: string): void;
}

export interface Room extends Pick<
  RoomLog,
  'begin' | 'hear' | 'saved' | 'savedTo' | 'isDurable' | 'unsavedSince' | 'verify' | 'verifiedAt'
> {
  readonly document: DocumentId;
  readonly members: ReadonlySet<Member>;
  readonly presence: Presence;
  /** What a reader that is behind is caught up from. */
  readonly source: OutboxSource;
  /** What this task holds of the document cannot be continued: whoever comes next needs another room. */
  readonly condemned: boolean;
  join(member: Member): void;
  leave(member: Member): void;
  /** An update that the member may make; `number` counts its update frames. */
  submit(member: Member, number: number, update: Uint8Array, summary: UpdateSummary): void;
  /** Pushes may have been missed, or the log may have lost some; at least it is there again. */
  missed(): void;
  closeAll(code: CloseCode, reason: string): void;
  /** Resolves when all that was accepted is in the log. */
  settled(): Promise<void>;
  stop(): void;
}

/** An update, and the member that need not be told of it. */
interface Authored {
  readonly update: Uint8Array;
  readonly author: Member | undefined;
}

export interface RoomDeps {
  readonly document: DocumentId;
  readonly hot: HotDocument;
  /** Of the newest snapshot, asked for after `hot` was opened. */
  readonly head: SnapshotReach | undefined;
  readonly log: Pick<UpdateLog, 'append' | 'read'>;
  readonly snapshots: Pick<SnapshotStore, 'load'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** For reading whole documents. */
  readonly lanes: Lanes;
  /** Bytes of updates that may wait for the log. */
  readonly budget: ByteBudget;
  readonly members: Set<Member>;
  readonly presence: Presence;
  noteEdit(document: DocumentId, edit: Edit): void;
  /** False for a document that was deleted. */
  isThere(document: DocumentId): Promise<boolean>;
  /** Without members there is nothing any more to stay for. */
  done(): void;
}

export function createRoom(deps: RoomDeps, options: { readonly maxDocumentBytes?: number } = {}): Room {
  const { document, hot, log, clock, logger, members, presence } = deps;
  const maxBytes = options.maxDocumentBytes ?? MAX_DOCUMENT_BYTES;
  /** Shown to people of this task while the log is down (R8). */
  const relayed = new WeakSet<Submission<Member>>();
  let condemned = false;

  const writer = createLogWriter<Member>({
    document,
    log,
    clock,
    logger,
    budget: deps.budget,
    logged,
    failed: relayWaiting,
  });
  const roomLog = createRoomLog({
    ...deps,
    take,
    durable,
    moved(position) {
      for (const member of members) member.moved(position);
    },
    healed() {
      for (const member of members) member.askForLost();
    },
    gone: () => condemn(CLOSE.notFound, 'the document is gone'),
    damaged(error) {
      // Nothing of ours lets such an update in: what could be served after it is not the document (R19).
      logger.error({ document, error }, 'the log holds an update that cannot be read');
      condemn(CLOSE.internal, 'damaged');
    },
  });

  function closeAll(code: CloseCode, reason: string): void {
    for (const member of Array.from(members)) member.close(code, reason);
  }

  function stop(): void {
    writer.stop();
    roomLog.stop();
  }

  function condemn(code: CloseCode, reason: string): void {
    condemned = true;
    stop();
    closeAll(code, reason);
    deps.done();
  }

  function logged(batch: Batch<Member>, appended: Appended): void {
    const updates = withoutRedundant(batch).map(({ update }) => update);
    const position = appended === undefined ? roomLog.position() : roomLog.appended({ ...appended, updates });
    // Also of an entry that is not in the document yet, because one before it has not been read: it is acked all the same.
    for (const { author, update, summary } of withoutRedundant(batch)) {
      if (hot.hasGap(summary) || (!author.isLive && hot.refersBeyond(update))) author.askAgain();
    }
    for (const [author, number] of lastNumbers(batch)) author.logged(number, position);
  }

  function durable(): void {
    for (const member of members) member.saved(roomLog.savedTo);
    if (roomLog.isDurable) deps.done();
  }

  /** What the log has joins the document, if it is new, and is shown to everyone but its authors. */
  function take(updates: readonly Uint8Array[], cursor: Cursor | undefined): void {
    const submissions = isSame(writer.appending, updates) ? withoutRedundant(writer.appending) : [];
    const summaries = updates.map((update, index) => submissions[index]?.summary ?? summarize(update));
    const news: Authored[] = [];
    for (const [index, update] of updates.entries()) {
      const summary = summaries[index];
      if (summary === undefined || hot.knows(summary)) continue;
      hot.add(update, summary);
      news.push({ update, author: submissions[index]?.author });
    }
    deliver(news);
    deps.noteEdit(document, { cursor, urgent: summaries.some(({ carriageReturns }) => carriageReturns) });
  }

  /** Frames are made once; every reader gets the same bytes, and an author only what others wrote. */
  function deliver(news: readonly Authored[]): void {
    const authors = new Set(news.map(({ author }) => author));
    if (news.length === 0 || Array.from(members).every((member) => authors.size === 1 && authors.has(member))) return;
    const frames = news.map(({ update }) =>
      splitUpdate(update, MAX_OUTGOING_UPDATE_BYTES).map((piece) => concatenate(updateFrame(piece))),
    );
    const all = frames.flat();
    for (const member of members) {
      if (!authors.has(member)) member.deliver(all);
      else if (authors.size > 1) member.deliver(frames.filter((_, index) => news[index]?.author !== member).flat());
    }
  }

  /** The log does not answer: people here keep seeing each other, and nothing is acked (R8). */
  function relayWaiting(): void {
    for (const submission of writer.waiting()) {
      if (submission.redundant || relayed.has(submission)) continue;
      relayed.add(submission);
      deliver([submission]);
    }
  }

  return {
    document,
    members,
    presence,
    source: {
      get version() {
        return hot.version;
      },
      get stateVector() {
        return hot.stateVector;
      },
      updatesFor(stateVector) {
        const known = hot.updatesFor(stateVector);
        if (!writer.failing) return known;
        const waiting = withoutRedundant(writer.waiting());
        return inOrder(
          known,
          waiting.flatMap(({ update }) => splitUpdate(update, MAX_OUTGOING_UPDATE_BYTES)),
        );
      },
      presenceOf: (clients) => presence.framesOf(clients),
    },
    begin: () => roomLog.begin(),
    hear: (entry) => roomLog.hear(entry),
    saved: (reach) => roomLog.saved(reach),
    get savedTo() {
      return roomLog.savedTo;
    },
    get isDurable() {
      return roomLog.isDurable;
    },
    get unsavedSince() {
      return roomLog.unsavedSince;
    },
    verify: () => roomLog.verify(),
    get verifiedAt() {
      return roomLog.verifiedAt;
    },
    get condemned() {
      return condemned;
    },
    join(member) {
      members.add(member);
    },
    leave(member) {
      members.delete(member);
      presence.leave(member);
    },
    submit(member, number, update, summary) {
      const redundant = hot.knows(summary);
      if (!redundant && !summary.structs.isEmpty && hot.bytes + writer.bytes + update.byteLength > maxBytes) {
        member.close(CLOSE.tooLarge, 'the document is full');
        return;
      }
      if (!writer.submit({ author: member, number, update, summary, redundant })) {
        member.close(CLOSE.tryAgain, 'too much waits to be saved');
        return;
      }
      if (writer.failing) relayWaiting();
    },
    missed() {
      writer.wake();
      roomLog.missed();
    },
    closeAll,
    settled: () => writer.settled(),
    stop,
  };
}

function lastNumbers(batch: Batch<Member>): ReadonlyMap<Member, number> {
  return new Map(batch.map(({ author, number }) => [author, number]));
}

function withoutRedundant(batch: Batch<Member>): Batch<Member> {
  return batch.filter(({ redundant }) => !redundant);
}

function* inOrder(first: Iterable<UpdateParts>, second: Iterable<UpdateParts>): Generator<UpdateParts, void> {
  yield* first;
  yield* second;
}

/** Whether these are the batch that is being appended, heard before or with the append's own reply. */
function isSame(batch: Batch<Member>, updates: readonly Uint8Array[]): boolean {
  const ours = withoutRedundant(batch);
  return (
    ours.length === updates.length &&
    ours.every(({ update }, index) => Buffer.compare(update, updates[index] ?? update.subarray(1)) === 0)
  );
}
