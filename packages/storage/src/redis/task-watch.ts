// Which tasks are alive: each keeps a key in Redis that ends soon, and looks at the keys of those whose clients it knows of.
import type { RedisConnection } from './open-redis.ts';
import { plainly } from './redis-failure.ts';
import type { TaskId } from './presence-states.ts';

/** Milliseconds between two looks, and between two signs of life. */
export const LOOK_INTERVAL = 1_000;

/** Milliseconds that a sign of life holds. A task that stalls for less is not taken for dead. */
const SIGN_HOLDS = 4_000;

/**
 * Looks in a row that must find no sign. With a sign's life that is 6 s at most until a death is known, of the 10 that R11 gives;
 * and who has just come back is heard before its sign is seen.
 */
const LOOKS = 2;

interface Look {
  /** Others could take this task for dead: it gave no sign for too long, or Redis lost it. */
  readonly lapsed: boolean;
  /** Until it is forgotten it is told with each look. */
  readonly dead: readonly TaskId[];
  /** Were not alive when somebody asked, and are. */
  readonly revived: readonly TaskId[];
}

export interface TaskWatch {
  /** Gives the first sign of life, unless it has been given. */
  introduce(): Promise<void>;
  /** Gives a sign of life and looks for those of the others. Rejects when Redis does not answer. */
  look(): Promise<Look>;
  /** It said something: it is alive, and looked at from now on. */
  heard(task: TaskId): void;
  /** Those of these tasks that are alive; all of them are looked at from now on. */
  alive(tasks: ReadonlySet<TaskId>): Promise<ReadonlySet<TaskId>>;
  /** It is not looked at any more, unless it has been heard again. */
  forget(task: TaskId): void;
  /** Takes back the sign of life. */
  leave(): Promise<void>;
}

export function createTaskWatch(redis: RedisConnection, task: TaskId, now: () => number): TaskWatch {
  /** Looks in a row that found no sign, of each task that is looked at. */
  const misses = new Map<TaskId, number>();
  const revived = new Set<TaskId>();
  let introduced = false;
  let lapsed = false;
  /** After an outage the others' signs may have ended as ours has: nobody is taken for dead before they had time to come back. */
  let judgesFrom = Infinity;

  function see(other: TaskId): void {
    if (other === task || other === '') return;
    if ((misses.get(other) ?? 0) > 0) revived.add(other);
    misses.set(other, 0);
  }

  function isDead(other: TaskId): boolean {
    return (misses.get(other) ?? 0) >= LOOKS;
  }

  async function signs(tasks: readonly TaskId[]): Promise<readonly (string | null)[]> {
    return tasks.length === 0 ? [] : plainly(redis.commands.mget(tasks.map(keyOf)));
  }

  /** Whether the last one had ended. */
  async function giveSign(): Promise<boolean> {
    const previous = await plainly(redis.commands.set(keyOf(task), '', 'PX', SIGN_HOLDS, 'GET'));
    introduced = true;
    return previous === null;
  }

  return {
    async introduce() {
      if (!introduced) await giveSign();
    },
    async look() {
      try {
        // Kept until it could be told.
        if (await giveSign()) lapsed = true;
        if (lapsed || judgesFrom === Infinity) judgesFrom = now() + SIGN_HOLDS;
        const others = Array.from(misses.keys());
        const found = await signs(others);
        for (const [index, other] of others.entries()) {
          if (found[index] !== null) see(other);
          else if (now() >= judgesFrom) misses.set(other, (misses.get(other) ?? 0) + 1);
        }
        const told = { lapsed, dead: others.filter(isDead), revived: Array.from(revived) };
        lapsed = false;
        revived.clear();
        return told;
      } catch (error) {
        judgesFrom = Infinity;
        throw error;
      }
    },
    heard: see,
    async alive(tasks) {
      const unknown = Array.from(tasks).filter((other) => other !== task && !misses.has(other));
      const found = await signs(unknown);
      for (const [index, other] of unknown.entries()) {
        if (!misses.has(other)) misses.set(other, found[index] === null ? 1 : 0);
      }
      return new Set(Array.from(tasks).filter((other) => other === task || misses.get(other) === 0));
    },
    forget(other) {
      if (isDead(other)) misses.delete(other);
    },
    async leave() {
      await plainly(redis.commands.del(keyOf(task)));
    },
  };
}

/** One slot for all of them, so that they are read with one command. */
function keyOf(task: TaskId): string {
  return `codesync:{tasks}:${task}`;
}
