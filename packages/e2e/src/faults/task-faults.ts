// What happens to sync tasks: they die, at any moment or at a certain one, stand still, restart, hear wrongly, or misjudge the time.
import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskProcess } from '@codesync/cluster';
import { until } from '../until.ts';
import type { TaskFaultKind } from './fault-kinds.ts';
import type { Point } from './orders.ts';
import type { FaultPlan } from './plan.ts';
import { answerOf, order } from './task-orders.ts';

/** How long the chosen task has to come by the point where it is struck, in milliseconds; then any task will do. */
const CHOSEN_FIRST = 3_000;
const ANY_LATER = 3_000;

/** Milliseconds. */
const CLOCK_STEP = -10_000;

/** A strike is missed when no task came by the point in time; everything else happens. */
export type Inflicted = 'done' | 'missed';

/** Resolves when the fault is undone; rejects when the task did not take it as it has to. */
export async function inflictOnTask(
  tasks: readonly TaskProcess[],
  kind: TaskFaultKind,
  { task: index, lasts }: Pick<FaultPlan, 'task' | 'lasts'>,
): Promise<Inflicted> {
  const task = tasks[index];
  if (task === undefined) throw new RangeError(`there is no task ${index}`);
  switch (kind) {
    case 'kill':
      await task.kill();
      await sleep(lasts);
      await task.start();
      return 'done';
    case 'die-during-append':
    case 'die-after-append':
    case 'die-after-upload':
    case 'die-after-commit':
    case 'die-before-trim': {
      const struck = await strike(tasks, task, POINTS[kind], 'SIGKILL');
      await until(() => {
        if (struck.some(({ running }) => running)) throw new Error('a task was to die and lives');
      });
      await sleep(lasts);
      // Perhaps more than one came by at the same moment.
      for (const each of tasks) if (!each.running) await each.start();
      return struck.length > 0 ? 'done' : 'missed';
    }
    case 'freeze-snapshotter': {
      const struck = await strike(tasks, task, 'after-upload', 'SIGSTOP');
      if (struck.length > 0) await sleep(lasts);
      for (const each of tasks) each.resume();
      return struck.length > 0 ? 'done' : 'missed';
    }
    case 'freeze':
      task.pause();
      await sleep(lasts);
      task.resume();
      return 'done';
    case 'restart': {
      const code = await task.stop();
      if (code !== 0) throw new Error(`R20: ${task.name} was told to stop and ended with ${code}`);
      await sleep(lasts);
      await task.start();
      return 'done';
    }
    case 'reorder':
      order(task, { kind: 'disorder', on: true });
      await sleep(lasts);
      order(task, { kind: 'disorder', on: false });
      return 'done';
    case 'clock-back':
      order(task, { kind: 'clock', offset: CLOCK_STEP });
      await sleep(lasts);
      order(task, { kind: 'clock', offset: 0 });
      return 'done';
  }
}

const POINTS = {
  'die-during-append': 'during-append',
  'die-after-append': 'after-append',
  'die-after-upload': 'after-upload',
  'die-after-commit': 'after-commit',
  'die-before-trim': 'before-trim',
} as const satisfies Partial<Record<TaskFaultKind, Point>>;

/** The tasks that were struck: the chosen one, or if it does not come by that point, whichever does. */
async function strike(
  tasks: readonly TaskProcess[],
  chosen: TaskProcess,
  at: Point,
  signal: 'SIGKILL' | 'SIGSTOP',
): Promise<readonly TaskProcess[]> {
  const struck: TaskProcess[] = [];
  const waits = tasks.map(async (task) => {
    if ((await answerOf(task, 'struck', CHOSEN_FIRST + ANY_LATER)) !== undefined) struck.push(task);
  });
  order(chosen, { kind: 'strike', at, signal });
  const later = setTimeout(() => {
    for (const task of tasks) if (task !== chosen) order(task, { kind: 'strike', at, signal });
  }, CHOSEN_FIRST);
  await Promise.race(waits);
  clearTimeout(later);
  for (const task of tasks) order(task, { kind: 'spare' });
  return struck;
}
