// Which tasks the front sends to: in turn, those that say that they are ready; when none does, those that run.
import { setTimeout } from 'node:timers/promises';
import type { TaskProcess } from './task-process.ts';

export interface Balancer {
  /** From now on the front uses it, while it says that it is ready. */
  add(task: TaskProcess): void;
  /** Whom to try, the first one first. */
  choose(kind: TaskProcess['kind']): TaskProcess[];
  /** It did not take a connection: the others first, until it says again that it is ready. */
  suspect(task: TaskProcess): void;
  close(): void;
}

/** Milliseconds between two questions whether a task is ready. */
const INTERVAL = 500;

/** Milliseconds for its answer: one that hangs is not ready. */
const PATIENCE = 2000;

export function createBalancer(): Balancer {
  const tasks: TaskProcess[] = [];
  const ready = new Set<TaskProcess>();
  const turns = { api: 0, sync: 0 };
  const closing = new AbortController();

  async function watch(task: TaskProcess): Promise<void> {
    while (!closing.signal.aborted) {
      if (await isReady(task)) ready.add(task);
      else ready.delete(task);
      await setTimeout(INTERVAL, undefined, { ref: false });
    }
  }

  async function isReady(task: TaskProcess): Promise<boolean> {
    if (!task.running) return false;
    const signal = AbortSignal.any([AbortSignal.timeout(PATIENCE), closing.signal]);
    const path = task.kind === 'api' ? '/api/ready' : '/socket/ready';
    try {
      const response = await fetch(task.url + path, { signal });
      await response.body?.cancel();
      return response.ok;
    } catch {
      // Refused, reset or too slow.
      return false;
    }
  }

  return {
    add(task) {
      tasks.push(task);
      ready.add(task);
      void watch(task);
    },
    choose(kind) {
      const running = tasks.filter((task) => task.kind === kind && task.running && !task.leaving);
      const first = turns[kind]++ % Math.max(running.length, 1);
      const inTurn = [...running.slice(first), ...running.slice(0, first)];
      // Readiness may fail by what all tasks share: then one that is not ready is better than none.
      return inTurn.toSorted((a, b) => Number(ready.has(b)) - Number(ready.has(a)));
    },
    suspect: (task) => void ready.delete(task),
    close: () => closing.abort(),
  };
}
