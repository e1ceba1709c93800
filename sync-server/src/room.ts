// One document and everyone on this task who has it open: their updates go into the log, and what the log holds goes to all of them.
import { CLOSE, MAX_DOCUMENT_BYTES, type CloseCode, type DocumentId } from '@codesync/contract';
import { compareCursors, type Clock, type Cursor, type LogEntry, type Logger, type UpdateLog } from '@codesync/storage';
import type { ByteBudget } from './byte-budget.ts';
import { MAX_OUTGOING_UPDATE_BYTES, updateFrame } from './frames.ts';
import type { HotDocument } from './hot-document.ts';
import { createLogFollower } from './log-follower.ts';
import { createLogWriter, type Batch, type Position, type Submission } from './log-writer.ts';
import type { OutboxSource } from './outbox.ts';
import type { Presence, PresenceMember } from './presence.ts';
import { splitUpdate } from './yjs/compose-updates.ts';
import { summarize, type UpdateSummary } from './yjs/update-summary.ts';

/** What a room knows of a connection. */
export interface Member extends PresenceMember {
  /** Document frames, in log order. */
  deliver(frames: readonly Uint8Array[]): void;
  /** Its update frames up to this number are in the log, at or before `cursor`. */
  logged(number: number, cursor: Cursor): void;
  /** A snapshot up to this cursor is committed. */
  saved(cursor: Cursor): void;
  /** An update of its is missing before one that came: asks for all that the server lacks. */
  askAgain(): void;
  close(code: CloseCode, reason: string): void;
}

export interface Room {
  readonly document: DocumentId;
  readonly members: ReadonlySet<Member>;
  readonly presence: Presence;
  /** What a reader that is behind is caught up from. */
  readonly source: OutboxSource;
  /** Everything up to here is in a committed snapshot. */
  readonly savedTo: Cursor;
  /** What this task holds of the document cannot be continued: whoever comes next needs another room. */
  readonly condemned: boolean;
  join(member: Member): void;
  leave(member: Member): void;
  /** An update that the member may make; `number` counts its update frames. */
  submit(member: Member, number: number, update: Uint8Array, summary: UpdateSummary): void;
  /** From the log's subscription. */
  hear(entry: LogEntry): void;
  saved(cursor: Cursor): void;
  closeAll(code: CloseCode, reason: string): void;
  /** Resolves when all that was accepted is in the log. */
  settled(): Promise<void>;
  stop(): void;
}

export interface RoomDeps {
  readonly document: DocumentId;
  readonly hot: HotDocument;
  readonly savedTo: Cursor;
  readonly log: Pick<UpdateLog, 'append' | 'read'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Bytes of updates that may wait for the log. */
  readonly budget: ByteBudget;
  readonly members: Set<Member>;
  readonly presence: Presence;
  noteEdit(document: DocumentId, options: { readonly urgent: boolean }): void;
}

export function createRoom(deps: RoomDeps, options: { readonly maxDocumentBytes?: number } = {}): Room {
  const { document, hot, log, clock, logger, members, presence } = deps;
  const maxBytes = options.maxDocumentBytes ?? MAX_DOCUMENT_BYTES;
  let savedTo = deps.savedTo;
  /** Logged by us, and not yet handed on by the follower. */
  const ours = new Map<Cursor, Batch<Member>>();
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
  const follower = createLogFollower({
    document,
    log,
    clock,
    logger,
    position: () => hot.cursor,
    next: handOn,
    lost() {
      logger.warn({ document }, 'the log was trimmed beyond what this task has; everyone starts from the snapshot');
      condemn(CLOSE.tryAgain, 'behind');
    },
  });

  function closeAll(code: CloseCode, reason: string): void {
    for (const member of Array.from(members)) member.close(code, reason);
  }

  function stop(): void {
    writer.stop();
    follower.stop();
  }

  function condemn(code: CloseCode, reason: string): void {
    condemned = true;
    stop();
    closeAll(code, reason);
  }

  function logged(batch: Batch<Member>, position: Position): void {
    if (position !== undefined) {
      // The subscription may have brought it first; the follower then drops this one.
      if (compareCursors(position.cursor, hot.cursor) > 0) ours.set(position.cursor, batch);
      const updates = batch.filter(({ redundant }) => !redundant).map(({ update }) => update);
      follower.hear({ ...position, updates });
    }
    for (const [author, number] of lastNumbers(batch)) author.logged(number, position?.cursor ?? hot.cursor);
  }

  /** The one road by which an edit reaches people, whoever made it and wherever. */
  function handOn(entry: LogEntry): void {
    const batch = ours.get(entry.cursor) ?? (isSameEntry(writer.appending, entry) ? writer.appending : []);
    ours.delete(entry.cursor);
    const submissions = batch.filter(({ redundant }) => !redundant);
    try {
      const summaries = entry.updates.map((update, index) => submissions[index]?.summary ?? summarize(update));
      hot.add(entry, summaries);
      deliver(entry.updates, submissions);
      deps.noteEdit(document, { urgent: summaries.some(({ carriageReturns }) => carriageReturns) });
    } catch (error) {
      // Nothing of ours lets such an update in: what could be served after it is not the document (R19).
      logger.error({ document, cursor: entry.cursor, error }, 'the log holds an update that cannot be read');
      condemn(CLOSE.internal, 'damaged');
      return;
    }
    for (const { author, summary } of submissions) if (hot.hasGap(summary)) author.askAgain();
  }

  /** Frames are made once; every reader gets the same bytes, and an author only what others wrote. */
  function deliver(updates: readonly Uint8Array[], submissions: readonly Submission<Member>[]): void {
    const authors = new Set(submissions.map(({ author }) => author));
    if (Array.from(members).every((member) => authors.size === 1 && authors.has(member))) return;
    const frames = updates.map((update) => splitUpdate(update, MAX_OUTGOING_UPDATE_BYTES).map(updateFrame));
    const all = frames.flat();
    for (const member of members) {
      if (!authors.has(member)) member.deliver(all);
      else if (authors.size > 1) member.deliver(frames.filter((_, i) => submissions[i]?.author !== member).flat());
    }
  }

  /** The log does not answer: people here keep seeing each other, and nothing is acked (R8). */
  function relayWaiting(): void {
    for (const submission of writer.waiting()) {
      if (submission.redundant || relayed.has(submission)) continue;
      relayed.add(submission);
      deliver([submission.update], [submission]);
    }
  }

  return {
    document,
    members,
    presence,
    source: {
      get cursor() {
        return hot.cursor;
      },
      get stateVector() {
        return hot.stateVector;
      },
      updatesFor(stateVector) {
        const known = hot.updatesFor(stateVector);
        if (!writer.failing) return known;
        const waiting = writer.waiting().filter(({ redundant }) => !redundant);
        return [...known, ...waiting.flatMap(({ update }) => splitUpdate(update, MAX_OUTGOING_UPDATE_BYTES))];
      },
      presenceOf: (clients) => presence.framesOf(clients),
    },
    get savedTo() {
      return savedTo;
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
    hear: (entry) => follower.hear(entry),
    saved(cursor) {
      if (compareCursors(cursor, savedTo) <= 0) return;
      savedTo = cursor;
      for (const member of members) member.saved(cursor);
    },
    closeAll,
    settled: () => writer.settled(),
    stop,
  };
}

function lastNumbers(batch: Batch<Member>): ReadonlyMap<Member, number> {
  return new Map(batch.map(({ author, number }) => [author, number]));
}

/** Whether this entry is the batch that is being appended, heard before the append's own reply. */
function isSameEntry(batch: Batch<Member>, { updates }: LogEntry): boolean {
  const ours = batch.filter(({ redundant }) => !redundant);
  return (
    ours.length === updates.length &&
    ours.every(({ update }, index) => Buffer.compare(update, updates[index] ?? update.subarray(1)) === 0)
  );
}
