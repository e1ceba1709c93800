// A document that is in use, as bytes: a merged base, the tail of raw updates after it, and which clocks they hold together. No Y.Doc.
import { compareCursors, type Cursor, type DocumentState, type LogEntry } from '@codesync/storage';
import { MAX_OUTGOING_UPDATE_BYTES } from './frames.ts';
import { ClockRanges } from './yjs/clock-ranges.ts';
import { composeUpdates } from './yjs/compose-updates.ts';
import { decodeStateVector, encodeStateVector } from './yjs/state-vector.ts';
import { clocksOf, findRuns, type UpdateRuns } from './yjs/update-runs.ts';
import type { UpdateSummary } from './yjs/update-summary.ts';

export interface HotDocument {
  /** The last log entry that is in here. */
  readonly cursor: Cursor;
  /** Upper estimate of the merged state in bytes: base and tail (R17). */
  readonly bytes: number;
  /** Encoded Yjs state vector, v1: the contiguous clocks that are here, whether or not what they depend on is. For the server's step 1. */
  readonly stateVector: Uint8Array;
  /** All its structs and all its deletes are here already (R6). */
  knows(summary: UpdateSummary): boolean;
  /** Its structs begin after what is known of their client: an update before it is missing. */
  hasGap(summary: UpdateSummary): boolean;
  /** A logged entry joins the tail; `summaries` are of `entry.updates`, in order. An entry at or before the cursor is ignored. */
  add(entry: LogEntry, summaries: readonly UpdateSummary[]): void;
  /**
   * What a peer with this state vector may lack: updates that each fit into a frame, to be applied in order; delete sets and pending
   * structs included (R6, R18). [] when there is nothing at all. Throws MalformedUpdate when the bytes are no state vector.
   */
  updatesFor(stateVector: Uint8Array): readonly Uint8Array[];
}

/** A merged state, and the last log entry that it holds. */
export interface Base {
  readonly cursor: Cursor;
  readonly state: Pick<DocumentState, 'update'>;
}

/** What the cache of hot documents needs besides. */
export interface CachedDocument extends HotDocument {
  /** Bytes of memory, about. */
  readonly memory: number;
  readonly baseBytes: number;
  readonly tailBytes: number;
  /** Base and tail as they are now, to be merged into a new base. */
  updates(): readonly Uint8Array[];
  /** The tail up to a base's cursor gives way to it (R16). Ignored unless the base lies between ours and our cursor. */
  rebase(base: Base): void;
}

/** In memory besides its bytes: a tail entry with its arrays, a range of clocks. */
const ENTRY_OVERHEAD = 200;
const RANGE_OVERHEAD = 24;

/** Answers are kept until the next edit, for a crowd that comes back with the same state: this many, and so many bytes. */
const ANSWERS = 8;
const ANSWER_BYTES = 4 * 1024 * 1024;
/** A longer state vector is not remembered. */
const REMEMBERED_VECTOR = 16 * 1024;

/** `grown` is called after each entry. Throws MalformedUpdate when the base is none. */
export function createHotDocument(
  start: Base | { readonly cursor: Cursor },
  grown: () => void = () => {},
): CachedDocument {
  let base = 'state' in start ? findRuns(start.state.update) : NOTHING;
  let baseCursor = start.cursor;
  let cursor = start.cursor;
  let tail: LogEntry[] = [];
  let tailBytes = 0;
  const structs = clocksOf(base.runs);
  const deletes = new ClockRanges();
  deletes.addAll(base.deletes);
  let encodedVector: Uint8Array | undefined;
  const answers = new Map<string, readonly Uint8Array[]>();
  let answerBytes = 0;

  function forgetAnswers(): void {
    answers.clear();
    answerBytes = 0;
  }

  function remember(key: string, answer: readonly Uint8Array[]): void {
    const bytes = bytesOf(answer);
    if (key.length > REMEMBERED_VECTOR || bytes > ANSWER_BYTES) return;
    if (answers.size >= ANSWERS || answerBytes + bytes > ANSWER_BYTES) forgetAnswers();
    answers.set(key, answer);
    answerBytes += bytes;
  }

  return {
    get cursor() {
      return cursor;
    },
    get bytes() {
      return base.update.byteLength + tailBytes;
    },
    get baseBytes() {
      return base.update.byteLength;
    },
    get tailBytes() {
      return tailBytes;
    },
    get memory() {
      const ranges = (structs.size + deletes.size + base.deletes.size + base.runs.length) * RANGE_OVERHEAD;
      return base.update.byteLength + tailBytes + tail.length * ENTRY_OVERHEAD + ranges + answerBytes;
    },
    get stateVector() {
      encodedVector ??= encodeStateVector(structs);
      return encodedVector;
    },

    knows: (summary) => structs.covers(summary.structs) && deletes.covers(summary.deletes),

    hasGap(summary) {
      for (const [client, [from = 0]] of summary.structs.entries()) if (from > structs.contiguous(client)) return true;
      return false;
    },

    add(entry, summaries) {
      if (compareCursors(entry.cursor, cursor) <= 0) return;
      tail.push(entry);
      tailBytes += bytesOf(entry.updates);
      cursor = entry.cursor;
      for (const summary of summaries) {
        structs.addAll(summary.structs);
        deletes.addAll(summary.deletes);
      }
      encodedVector = undefined;
      forgetAnswers();
      grown();
    },

    updatesFor(stateVector) {
      const after = decodeStateVector(stateVector);
      const key = Buffer.from(stateVector).toString('latin1');
      const known = answers.get(key);
      if (known !== undefined) return known;
      const tailRuns = tail.flatMap(({ updates }) => updates.map(findRuns));
      const answer = composeUpdates([base, ...tailRuns], after, MAX_OUTGOING_UPDATE_BYTES);
      remember(key, answer);
      return answer;
    },

    updates: () => [base.update, ...tail.flatMap(({ updates }) => updates)],

    rebase(next) {
      if (compareCursors(next.cursor, baseCursor) <= 0 || compareCursors(next.cursor, cursor) > 0) return;
      base = findRuns(next.state.update);
      baseCursor = next.cursor;
      tail = tail.filter((entry) => compareCursors(entry.cursor, baseCursor) > 0);
      tailBytes = tail.reduce((sum, { updates }) => sum + bytesOf(updates), 0);
      // It may delete more than its updates did: Yjs clears formatting that nothing needs.
      deletes.addAll(base.deletes);
      forgetAnswers();
    },
  };
}

function bytesOf(updates: readonly Uint8Array[]): number {
  return updates.reduce((sum, update) => sum + update.byteLength, 0);
}

const NOTHING: UpdateRuns = findRuns(Uint8Array.of(0, 0));
