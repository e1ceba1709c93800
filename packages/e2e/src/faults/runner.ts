// Runs rounds one after the other in one world, and in a new one after a round that failed.
import type { TaskProcess } from '@codesync/cluster';
import { describePlan, planRound } from './plan.ts';
import { runRound, type RoundReport } from './round.ts';
import { openWorld, type World } from './world.ts';

export interface Runner {
  /** Resolves to one line about the round; rejects with the seed, the plan, what does not hold, and what the tasks said last. */
  run(seed: number): Promise<string>;
  close(): Promise<void>;
}

/** What a task may need more than after its first round, in bytes: documents of earlier rounds are still in its cache. */
const GROWTH = 64 * 1024 * 1024;

/** Of each task's log, in a failure. */
const LOG_LINES = 15;
const LINE_LENGTH = 300;

export function createRunner(): Runner {
  // Every stock client listens for the end of its process.
  process.setMaxListeners(0);
  let world: World | undefined;
  /** By process id, after its first round. */
  let weights = new Map<number, number>();

  async function close(): Promise<void> {
    const closing = world;
    world = undefined;
    weights = new Map();
    await closing?.close();
  }

  async function play(seed: number, here: World): Promise<RoundReport> {
    const report = await runRound(here, planRound(seed));
    expectNoCrash(here.tasks);
    for (const { name, pid, weight } of await here.weigh()) {
      const first = weights.get(pid) ?? weight;
      weights.set(pid, first);
      // Also when it did not answer.
      if (!(weight < first + GROWTH)) throw new Error(`${name} needs ${weight} bytes, and needed ${first} at first`);
    }
    return report;
  }

  return {
    async run(seed) {
      const here = (world ??= await openWorld());
      try {
        return lineOf(await play(seed, here));
      } catch (cause) {
        const story = storyOf(seed, cause, here.tasks);
        await close();
        throw new Error(story, { cause });
      }
    },
    close,
  };
}

function expectNoCrash(tasks: readonly TaskProcess[]): void {
  for (const { name, output } of tasks) {
    if (/crashed|uncaughtException|unhandledRejection/.test(output)) throw new Error(`${name} has crashed`);
  }
}

function lineOf({ plan, faults, actions, took }: RoundReport): string {
  const size = `${plan.documents} documents, ${plan.authors.length} authors, ${actions} actions`;
  return `seed ${plan.seed}: ${faults.join(', ')}; ${size}, ${(took / 1000).toFixed(1)} s`;
}

function storyOf(seed: number, cause: unknown, tasks: readonly TaskProcess[]): string {
  const logs = tasks.flatMap(({ name, output }) => [
    `${name}:`,
    ...output
      .trimEnd()
      .split('\n')
      .slice(-LOG_LINES)
      .map((line) => `  ${line.slice(0, LINE_LENGTH)}`),
  ]);
  return [
    `seed ${seed}: ${cause instanceof Error ? cause.message : String(cause)}`,
    `again: npm run faults -- --rounds 1 --seed ${seed}`,
    describePlan(planRound(seed)),
    ...logs,
  ].join('\n');
}
