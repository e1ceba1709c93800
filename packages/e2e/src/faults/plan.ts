// What a round will do, all of it decided by its seed: who edits what and how, which faults come when, and how long they last.
import { FAULT_KINDS, hitsTask, specOf, type FaultKind, type Part } from './fault-kinds.ts';
import { createRandom, type Random } from './random.ts';

/** sync-servers of the world. */
export const TASKS = 3;

export interface FaultPlan {
  readonly kind: FaultKind;
  /** Milliseconds from the beginning of the round's work. A fault of the same part that still lasts is waited for. */
  readonly at: number;
  readonly lasts: number;
  /** Of the tasks, the one that it hits; faults of other parts have no use for it. */
  readonly task: number;
}

export interface Absence {
  readonly at: number;
  readonly lasts: number;
}

export interface AuthorPlan {
  readonly client: 'y-websocket 2' | 'y-websocket 3' | 'acked';
  readonly document: number;
  /** Where its first connection goes; later ones go anywhere. */
  readonly task: number;
  readonly seed: number;
  /** What it types from: a slice of a recorded session, or inventions of its own. */
  readonly types: 'rustcode' | 'sveltecomponent' | 'anything';
  /** Milliseconds between two actions, on average. */
  readonly pace: number;
  /** Times without a connection, in which it types on. */
  readonly absences: readonly Absence[];
  /** Closes its tab for good, saying goodbye or not. */
  readonly leaves: { readonly at: number; readonly politely: boolean } | undefined;
}

export interface RoundPlan {
  readonly seed: number;
  readonly documents: number;
  readonly authors: readonly AuthorPlan[];
  readonly faults: readonly FaultPlan[];
  /** Milliseconds that everyone works at least; longer while a fault lasts. */
  readonly work: number;
}

/** In milliseconds. Faults begin when everyone types, and end while some still do. */
const WORK = { least: 4_000, most: 6_000 } as const;
const FIRST_FAULT = { least: 700, most: 3_500 } as const;

/** Seeds that follow each other go through all kinds of faults; what comes besides is chance. */
export function planRound(seed: number): RoundPlan {
  const random = createRandom(seed);
  const work = random.between(WORK.least, WORK.most);
  const documents = random.between(1, 3);
  const authors = Array.from({ length: random.between(6, 12) }, (_, index) =>
    planAuthor(random, index, documents, work),
  );
  const first = FAULT_KINDS[seed % FAULT_KINDS.length] ?? random.pick(FAULT_KINDS);
  const others = Array.from({ length: random.below(3) }, () => random.pick(FAULT_KINDS.filter(isShort)));
  const faults = [first, ...others].map((kind) => planFault(random, kind)).toSorted((a, b) => a.at - b.at);
  return { seed, documents, authors, faults, work };
}

/** Long ones come in their turn alone, to keep most rounds short. */
const isShort = (kind: FaultKind): boolean => specOf(kind).lasts[1] <= 5_000;

function planFault(random: Random, kind: FaultKind): FaultPlan {
  return {
    kind,
    at: random.between(FIRST_FAULT.least, FIRST_FAULT.most),
    lasts: random.between(...specOf(kind).lasts),
    task: random.below(TASKS),
  };
}

function planAuthor(random: Random, index: number, documents: number, work: number): AuthorPlan {
  const moment = (): number => random.between(500, work);
  return {
    // Every document has somebody who knows what was acknowledged.
    client: index < documents ? 'acked' : random.pick(['y-websocket 2', 'y-websocket 3', 'acked', 'acked']),
    document: index % documents,
    task: random.below(TASKS),
    seed: random.below(2 ** 31),
    types: random.pick(['rustcode', 'sveltecomponent', 'anything', 'anything']),
    pace: random.between(20, 80),
    absences: random.chance(0.4)
      ? Array.from({ length: random.between(1, 2) }, () => ({ at: moment(), lasts: random.between(10, 1_500) }))
      : [],
    leaves: index >= documents && random.chance(0.3) ? { at: moment(), politely: random.chance(0.5) } : undefined,
  };
}

/** What was logged may be lost with Redis; without such a fault it may not (R1). */
export const losesLog = (plan: RoundPlan): boolean => plan.faults.some(({ kind }) => specOf(kind).losesLog === true);

export function faultsOf(plan: RoundPlan, part: Part): FaultPlan[] {
  return plan.faults.filter(({ kind }) => specOf(kind).part === part);
}

/** One line a fault, as a failing round prints them. */
export function describePlan(plan: RoundPlan): string {
  const authors = plan.authors.map(
    ({ client, document, types, absences, leaves }) =>
      `${client} on ${document} types ${types}` +
      absences.map(({ at, lasts }) => `, away at ${at} for ${lasts}`).join('') +
      (leaves === undefined ? '' : `, ${leaves.politely ? 'leaves' : 'is gone'} at ${leaves.at}`),
  );
  const faults = plan.faults.map(({ kind, at, lasts, task }) => {
    const where = hitsTask(kind) ? ` task ${task}` : '';
    return `at ${at} for ${lasts} ms: ${kind}${where}`;
  });
  return [...faults, `authors, for ${plan.work} ms:`, ...authors].map((line) => `  ${line}`).join('\n');
}
