// What the rounds of a run share: three sync tasks that can be told to die, the backends below them, people, and a view past all of them.
import { fileURLToPath } from 'node:url';
import { startCluster, type TaskProcess } from '@codesync/cluster';
import { createSnapshotCommits, openPostgres } from '@codesync/database';
import { createSnapshotStore, silentLogger, systemClock, type SnapshotStore, type UpdateLog } from '@codesync/storage';
import { createRedisUpdateLog, openRedis } from '@codesync/storage/redis';
import { openS3ObjectStore } from '@codesync/storage/s3';
import { register, type Person } from '../person.ts';
import { readTrace, type Patch } from '../traces.ts';
import { createBackendFaults } from './backend-faults.ts';
import { hitsTask, specOf, type Part } from './fault-kinds.ts';
import { TASKS, type FaultPlan } from './plan.ts';
import { startRedisPair } from './redis-pair.ts';
import { inflictOnTask, type Inflicted } from './task-faults.ts';
import { answerOf, order } from './task-orders.ts';

export interface World {
  readonly url: string;
  readonly tasks: readonly TaskProcess[];
  readonly people: readonly Person[];
  /** Recorded ones, for people to type. */
  readonly sessions: Readonly<Record<'rustcode' | 'sveltecomponent', readonly (readonly Patch[])[]>>;
  /** Past the tasks, what the backends hold. */
  readonly log: UpdateLog;
  readonly snapshots: SnapshotStore;
  /** Parts that a fault has in its hands at the moment. */
  readonly afflicted: ReadonlySet<Part>;
  /** Resolves when the fault is undone. */
  inflict(fault: FaultPlan): Promise<Inflicted>;
  /** Everything runs and nothing is wrong, whatever was done before. */
  heal(): Promise<void>;
  /** Keys of streams in Redis. */
  streams(): Promise<string[]>;
  /** Bytes that each task needs when all that can go is gone. */
  weigh(): Promise<Weight[]>;
  close(): Promise<void>;
}

export interface Weight {
  readonly name: string;
  readonly pid: number;
  /** Bytes; NaN when the task did not answer. */
  readonly weight: number;
}

const SYNC_MAIN = fileURLToPath(new URL('faulty-sync-main.ts', import.meta.url));

/** Snapshots come often, so that faults meet them; drains are short, because nobody else is waited for. In milliseconds. */
const ENVIRONMENT = { SNAPSHOT_INTERVAL_MS: '2000', DRAIN_WINDOW_MS: '500', LOG_LEVEL: 'info' };

export async function openWorld(): Promise<World> {
  await using opening = new AsyncDisposableStack();
  const redis = opening.adopt(await startRedisPair(), (pair) => pair.stop());
  const cluster = opening.adopt(
    await startCluster({
      syncTasks: TASKS,
      apiTasks: 1,
      syncMain: SYNC_MAIN,
      redis: redis.address,
      environment: ENVIRONMENT,
    }),
    (started) => started.close(),
  );
  const { s3, postgres } = cluster.backends;
  const objects = opening.adopt(openS3ObjectStore({ ...s3, forcePathStyle: true, credentials: s3 }), (store) =>
    store.close(),
  );
  const database = opening.adopt(openPostgres(postgres.config, silentLogger), (opened) => opened.close());
  const connection = opening.adopt(openRedis(redis.address), (opened) => opened.close());
  const people = await Promise.all(['Ana', 'Ben', 'Cleo'].map((name) => register(cluster.url, name)));
  const { sync: tasks } = cluster;
  const backendFaults = createBackendFaults({ redis, s3, postgres });
  const afflicted = new Set<Part>();

  async function inflict(fault: FaultPlan): Promise<Inflicted> {
    const { kind, lasts } = fault;
    const { part } = specOf(kind);
    afflicted.add(part);
    try {
      if (hitsTask(kind)) return await inflictOnTask(tasks, kind, fault);
      await backendFaults[kind](lasts);
      return 'done';
    } finally {
      afflicted.delete(part);
    }
  }

  const opened = opening.move();
  return {
    url: cluster.url,
    tasks,
    people,
    sessions: { rustcode: sessionOf('rustcode'), sveltecomponent: sessionOf('sveltecomponent') },
    log: createRedisUpdateLog(connection),
    snapshots: createSnapshotStore({ objects, commits: createSnapshotCommits(database.db), clock: systemClock }),
    afflicted,
    inflict,
    async heal() {
      s3.fault('none');
      for (const task of tasks) {
        if (!task.running) await task.start();
        order(task, { kind: 'spare' });
        order(task, { kind: 'disorder', on: false });
        order(task, { kind: 'clock', offset: 0 });
      }
    },
    streams: () => redis.streams(),
    weigh: () =>
      Promise.all(
        tasks.map(async (task) => {
          const answer = answerOf(task, 'weight');
          order(task, { kind: 'weigh' });
          return { name: task.name, pid: task.pid, weight: (await answer)?.bytes ?? Number.NaN };
        }),
      ),
    close: () => opened.disposeAsync(),
  };
}

const sessionOf = (name: 'rustcode' | 'sveltecomponent') => readTrace(name).txns.map(({ patches }) => patches);
