// What can go wrong in a round: one name a fault, what it hits, and how long it lasts.

/** Faults of one part happen one after the other, those of different parts at the same time. */
export type Part = 'tasks' | 'redis' | 'objects' | 'database';

interface FaultKindSpec {
  readonly part: Part;
  /** Milliseconds from its beginning until it is undone: at least, at most. */
  readonly lasts: readonly [least: number, most: number];
  /** What was logged and not yet snapshotted may be gone: `logged` is no promise then, `durable` still is. */
  readonly losesLog?: true;
}

const SPECS = {
  /** kill -9 at any moment. */
  kill: { part: 'tasks', lasts: [100, 2_000] },
  /** kill -9 with an append on its way. */
  'die-during-append': { part: 'tasks', lasts: [100, 2_000] },
  /** kill -9 when the append was answered, and neither author nor peers were told. */
  'die-after-append': { part: 'tasks', lasts: [100, 2_000] },
  /** kill -9 when the snapshot's object is written, and no row names it. */
  'die-after-upload': { part: 'tasks', lasts: [100, 2_000] },
  /** kill -9 when the snapshot is committed, and nobody was told. */
  'die-after-commit': { part: 'tasks', lasts: [100, 2_000] },
  /** kill -9 when the snapshot was announced, and the log is not trimmed. */
  'die-before-trim': { part: 'tasks', lasts: [100, 2_000] },
  /** SIGSTOP between upload and commit, until the lease has ended and others have taken over; then SIGCONT. */
  'freeze-snapshotter': { part: 'tasks', lasts: [17_000, 18_000] },
  /** SIGSTOP at any moment, shorter than any lease. */
  freeze: { part: 'tasks', lasts: [500, 4_000] },
  /** SIGTERM, exit, start. */
  restart: { part: 'tasks', lasts: [100, 1_000] },
  /** What a task hears comes late, twice and in another order. */
  reorder: { part: 'tasks', lasts: [2_000, 5_000] },
  /** A task's clock jumps 10 s back, and later forward again. */
  'clock-back': { part: 'tasks', lasts: [2_000, 4_000] },
  /** Redis dies and comes back without anything. */
  'redis-empty': { part: 'redis', lasts: [100, 2_000], losesLog: true },
  /** A replica that has not heard the last entries becomes the primary. */
  'redis-failover': { part: 'redis', lasts: [300, 1_500], losesLog: true },
  /** Redis stands still: connections stay open, nothing answers. */
  'redis-pause': { part: 'redis', lasts: [8_000, 8_000] },
  /** Subscriptions are cut again and again, commands work. */
  'bus-cut': { part: 'redis', lasts: [1_000, 4_000] },
  /** Subscriptions stay open and bring nothing, commands work. */
  'bus-stall': { part: 'redis', lasts: [2_000, 5_000] },
  'objects-error': { part: 'objects', lasts: [2_000, 5_000] },
  'objects-slow': { part: 'objects', lasts: [2_000, 5_000] },
  /** The store takes requests and never answers. */
  'objects-hang': { part: 'objects', lasts: [2_000, 5_000] },
  /** The store does what it is asked, and the answer is lost. */
  'objects-lost': { part: 'objects', lasts: [2_000, 5_000] },
  'objects-down': { part: 'objects', lasts: [2_000, 5_000] },
  'database-stopped': { part: 'database', lasts: [1_000, 4_000] },
} as const satisfies Record<string, FaultKindSpec>;

export type FaultKind = keyof typeof SPECS;

type KindIn<P extends Part> = { [Kind in FaultKind]: (typeof SPECS)[Kind]['part'] extends P ? Kind : never }[FaultKind];
export type TaskFaultKind = KindIn<'tasks'>;
export type BackendFaultKind = Exclude<FaultKind, TaskFaultKind>;

export const FAULT_KINDS = Object.keys(SPECS) as FaultKind[];

export const specOf = (kind: FaultKind): FaultKindSpec => SPECS[kind];

export const hitsTask = (kind: FaultKind): kind is TaskFaultKind => specOf(kind).part === 'tasks';
