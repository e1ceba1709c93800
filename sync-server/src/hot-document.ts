// A document that is in use, as bytes: a merged base, the tail of raw updates after it, and which clocks they hold together. No Y.Doc.
import type { Cursor, DocumentState, StoredDocument } from '@codesync/storage';
import { JOIN_UPDATE_BYTES } from './frames.ts';
import { createLogChain, type LogChain } from './log-chain.ts';
import { ClockRanges } from './yjs/clock-ranges.ts';
import { composeUpdates } from './yjs/compose-updates.ts';
import { decodeStateVector, encodeStateVector, type StateVector } from './yjs/state-vector.ts';
import { byteLength, type UpdateParts } from './yjs/update-parts.ts';
import { clocksOf, findRuns, type UpdateRuns } from './yjs/update-runs.ts';
import { refersBeyond, summarize, type UpdateSummary } from './yjs/update-summary.ts';

export interface HotDocument {
  /** The entries of the log that are in here, up to the place after which the log is read on. */
  readonly chain: LogChain;
  /** The cursor of the newest committed snapshot that is known to be in here. */
  saved: Cursor | undefined;
  /** False: it may hold what the log does not (R7), and is compared with what is stored before anyone relies on it. */
  isInLog: boolean;
  /** Another number after each update that joined it. */
  readonly version: number;
  /** Upper estimate of the merged state in bytes: base and tail (R17). */
  readonly bytes: number;
  /** Encoded Yjs state vector, v1: the contiguous clocks that are here, whether or not what they depend on is. For the server's step 1. */
  readonly stateVector: Uint8Array;
  /** All its structs and all its deletes are here already (R6). */
  knows(summary: UpdateSummary): boolean;
  /** Its structs begin after what is known of their client: an update before it is missing. */
  hasGap(summary: UpdateSummary): boolean;
  /** It refers to what others wrote and is not here. */
  refersBeyond(update: Uint8Array): boolean;
  /** An update joins the tail. Nothing that is here ever leaves: histories of a log differ, what was written does not. */
  add(update: Uint8Array, summary: UpdateSummary): void;
  /**
   * What a peer with this state vector may lack as it is now: updates that each fit into a frame, to be applied in order; delete sets
   * and pending structs included (R6, R18). They are made one by one, as they are taken; nothing when there is nothing at all. Throws
   * MalformedUpdate when the bytes are no state vector.
   */
  updatesFor(stateVector: Uint8Array): Iterable<UpdateParts>;
}

/** What the cache of hot documents needs besides. */
export interface CachedDocument extends HotDocument {
  /** Bytes of memory, about. */
  readonly memory: number;
  readonly baseBytes: number;
  readonly tailBytes: number;
  /** Base and tail as they are now. What they are merged into takes their place by `rebase` (R16), once; what came since stays. */
  compact(): {
    readonly updates: readonly Uint8Array[];
    readonly rebase: (state: Pick<DocumentState, 'update'>) => void;
  };
}

/** In memory besides its bytes: an update of the tail, a cursor, a range of clocks. */
const UPDATE_OVERHEAD = 120;
const CURSOR_OVERHEAD = 100;
const RANGE_OVERHEAD = 24;

/** Answers are kept until the next edit, for a crowd that comes back with the same state: this many, and so many bytes in all. */
const ANSWERS = 8;
const ANSWER_BYTES = 4 * 1024 * 1024;
/** A longer state vector is not remembered. */
const REMEMBERED_VECTOR = 16 * 1024;

/** `grown` is called after each update. Throws MalformedUpdate when the state is none. */
export function createHotDocument(
  start: { readonly place: Cursor; readonly saved?: Cursor; readonly state?: Pick<DocumentState, 'update'> },
  grown: (hot: CachedDocument) => void = () => {},
): CachedDocument {
  let base = start.state === undefined ? NOTHING : findRuns(start.state.update);
  const chain = createLogChain(start.place);
  let version = 0;
  let tail: Uint8Array[] = [];
  let tailBytes = 0;
  const structs = clocksOf(base.runs);
  const deletes = new ClockRanges();
  deletes.addAll(base.deletes);
  let encodedVector: Uint8Array | undefined;
  const answers = new Map<string, readonly UpdateParts[]>();
  let answerBytes = 0;

  function forgetAnswers(): void {
    answers.clear();
    answerBytes = 0;
  }

  function remember(key: string, answer: readonly UpdateParts[], bytes: number): void {
    if (key.length > REMEMBERED_VECTOR) return;
    if (answers.size >= ANSWERS || answerBytes + bytes > ANSWER_BYTES) forgetAnswers();
    answers.set(key, answer);
    answerBytes += bytes;
  }

  function* compose(
    held: { readonly base: UpdateRuns; readonly tail: readonly Uint8Array[]; readonly version: number },
    after: StateVector,
    key: string,
  ): Generator<UpdateParts, void> {
    const answer: UpdateParts[] = [];
    let bytes = 0;
    for (const update of composeUpdates([held.base, ...held.tail.map(findRuns)], after, JOIN_UPDATE_BYTES)) {
      bytes += byteLength(update);
      // What is too large to be kept is not gathered either: each of many slow readers would hold the document.
      if (bytes <= ANSWER_BYTES) answer.push(update);
      else answer.length = 0;
      yield update;
    }
    if (bytes <= ANSWER_BYTES && held.base === base && held.version === version) remember(key, answer, bytes);
  }

  const hot: CachedDocument = {
    chain,
    saved: start.saved,
    isInLog: true,
    get version() {
      return version;
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
      const overhead = tail.length * UPDATE_OVERHEAD + chain.size * CURSOR_OVERHEAD;
      return base.update.byteLength + tailBytes + overhead + ranges + answerBytes;
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

    refersBeyond: (update) => refersBeyond(update, structs),

    add(update, summary) {
      tail.push(update);
      tailBytes += update.byteLength;
      version += 1;
      structs.addAll(summary.structs);
      deletes.addAll(summary.deletes);
      encodedVector = undefined;
      forgetAnswers();
      grown(hot);
    },

    updatesFor(stateVector) {
      const after = decodeStateVector(stateVector);
      const key = Buffer.from(stateVector).toString('latin1');
      const known = answers.get(key);
      if (known !== undefined) return known;
      return compose({ base, tail: tail.slice(), version }, after, key);
    },

    compact() {
      const merged = tail;
      const count = tail.length;
      return {
        updates: [base.update, ...tail],
        rebase(state) {
          // Rebased since: that base holds more.
          if (merged !== tail) return;
          base = findRuns(state.update);
          tail = tail.slice(count);
          tailBytes = byteLength(tail);
          // It may delete more than its updates did: Yjs clears formatting that nothing needs.
          deletes.addAll(base.deletes);
          forgetAnswers();
        },
      };
    },
  };
  return hot;
}

/** Throws MalformedUpdate when what is stored is no document. */
export function hotDocumentOf(stored: StoredDocument, grown?: (hot: CachedDocument) => void): CachedDocument {
  const { snapshot, tail } = stored;
  const base = snapshot === undefined ? {} : { saved: snapshot.cursor, state: snapshot.state };
  const hot = createHotDocument({ place: chainStart(stored), ...base }, grown);
  for (const { cursor, updates } of tail) {
    for (const update of updates) hot.add(update, summarize(update));
    hot.chain.add(cursor);
  }
  return hot;
}

/** What comes before the tail, which goes on from there to the document's place. */
export function chainStart({ tail, place }: StoredDocument): Cursor {
  return tail[0]?.previous ?? place;
}

const NOTHING: UpdateRuns = findRuns(Uint8Array.of(0, 0));
