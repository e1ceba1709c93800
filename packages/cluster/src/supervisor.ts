// Keeps the tasks of a cluster: starts them, starts again what died, and stops them all.
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Balancer } from './balancer.ts';
import type { Environment } from './task-environment.ts';
import { startTask, type TaskProcess } from './task-process.ts';

export interface Supervisor {
  /** By their names. */
  tasks(kind: TaskProcess['kind']): readonly TaskProcess[];
  /** One more; the front uses it from the moment that this resolves. */
  add(kind: TaskProcess['kind']): Promise<TaskProcess>;
  /** Resolves when all of them have ended. */
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  readonly environment: Environment;
  /** What the sync tasks run instead of sync-server/src/main.ts. */
  readonly syncMain?: string | undefined;
  readonly restart: boolean;
  readonly say: (line: string) => void;
}

const MAINS = {
  api: fileURLToPath(new URL('../../../api/src/main.ts', import.meta.url)),
  sync: fileURLToPath(new URL('../../../sync-server/src/main.ts', import.meta.url)),
} as const;

/** Milliseconds before a task that died is started again: one that dies at its start must not take the machine. */
const RESTART_AFTER = 1000;

export function createSupervisor(balancer: Balancer, options: SupervisorOptions): Supervisor {
  const { environment, syncMain, restart, say } = options;
  const tasks: TaskProcess[] = [];
  const counts = { api: 0, sync: 0 };
  let stopping = false;

  async function revive(task: TaskProcess): Promise<void> {
    await setTimeout(RESTART_AFTER);
    if (stopping) return;
    try {
      await task.start();
    } catch (error) {
      say(`${task.name} | ${String(error)}`);
      await revive(task);
    }
  }

  return {
    tasks: (kind) =>
      tasks
        .filter((task) => task.kind === kind)
        .toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
    async add(kind) {
      const name = `${kind}-${++counts[kind]}`;
      const task = await startTask({
        name,
        kind,
        main: kind === 'sync' ? (syncMain ?? MAINS.sync) : MAINS.api,
        environment,
        onLine: (line) => say(`${name} | ${line}`),
        onDeath(dead, how) {
          say(`${name} has died (${how})${restart ? ' and is started again' : ''}`);
          if (restart) void revive(dead);
        },
      });
      tasks.push(task);
      balancer.add(task);
      return task;
    },
    async stop() {
      stopping = true;
      await Promise.all(tasks.map((task) => task.stop()));
    },
  };
}
