// Starts all of it: backends, migrations, tasks and the front that people see. Stops all of it again.
import type { Address } from '@codesync/backends';
import { createHttpServer, listen, localOrigins, type Server } from '@codesync/runtime';
import { openBuiltWeb } from '@codesync/standalone/built-web';
import { systemClock } from '@codesync/storage';
import { randomBytes } from 'node:crypto';
import { createBalancer } from './balancer.ts';
import { openClusterFolder } from './cluster-folder.ts';
import { createFront } from './front.ts';
import { runMigrations } from './run-migrations.ts';
import { startBackends, type Backends } from './start-backends.ts';
import { createSupervisor } from './supervisor.ts';
import { databaseEnvironment, taskEnvironment, type Environment } from './task-environment.ts';
import type { TaskProcess } from './task-process.ts';

export interface ClusterOptions {
  /** Where everything is kept. Without it nothing outlives the cluster. */
  readonly data?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  readonly host?: string;
  /** How browsers reach it; http://localhost and the port unless said. */
  readonly publicUrl?: string;
  /** Further ones than the machine's own. */
  readonly allowedOrigins?: readonly string[];
  /** Made, and kept with the data, when there is none. */
  readonly jwtSecrets?: readonly string[];
  /** 2 by default. */
  readonly apiTasks?: number;
  readonly syncTasks?: number;
  /** What the sync tasks run instead of sync-server/src/main.ts; a path. */
  readonly syncMain?: string;
  /** Where tasks find Redis, when that is not the server itself but a proxy before it. */
  readonly redis?: Address;
  /** More of the tasks' environment. */
  readonly environment?: Environment;
  /** Starts a task that died once more, after a second. */
  readonly restart?: boolean;
  /** Hears what the tasks write to stderr, and what happens to them. */
  readonly say?: (line: string) => void;
  /** Ends a start that is under way. */
  readonly told?: AbortSignal;
}

export interface Cluster extends Server {
  /** The front's. */
  readonly url: string;
  readonly api: readonly TaskProcess[];
  readonly sync: readonly TaskProcess[];
  readonly backends: Omit<Backends, 'stop'>;
  /** What the tasks were told. */
  readonly environment: Environment;
  /** One more sync task; the front uses it from the moment that this resolves. */
  addSync(): Promise<TaskProcess>;
  /** Drains and stops everything, in reverse order of starting. Twice is harmless. */
  close(): Promise<void>;
}

/** Milliseconds: what the tasks have, and the backends' last writes. */
const STOP_WITHIN = 140_000;

/** Resolves when every task is ready. Throws StartFailure for what whoever starts it can mend. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { port = 0, host = '127.0.0.1' } = options;
  await using opening = new AsyncDisposableStack();
  const folder =
    options.data === undefined
      ? undefined
      : opening.adopt(await openClusterFolder(options.data), (opened) => opened.close());
  const balancer = createBalancer();
  const front = createFront({ balancer, web: await openBuiltWeb() });
  // First, so that a port in use is said before anything is started. Until there are tasks it answers 503.
  const { server } = opening.adopt(createHttpServer(systemClock), (opened) => opened.close());
  server.on('request', front.request).on('upgrade', front.upgrade);
  const { publicUrl, allowed } = localOrigins(
    { publicUrl: options.publicUrl, allowedOrigins: options.allowedOrigins ?? [] },
    await listen(server, port, host),
  );

  options.told?.throwIfAborted();
  const backends = opening.adopt(await startBackends(folder), (started) => started.stop());
  options.told?.throwIfAborted();
  await runMigrations(databaseEnvironment(backends.postgres));

  const secrets = options.jwtSecrets ?? [];
  const environment: Environment = {
    ...taskEnvironment({
      ...backends,
      redis: options.redis ?? backends.redis,
      publicUrl,
      allowedOrigins: allowed,
      jwtSecrets: secrets.length > 0 ? secrets : [(await folder?.secret()) ?? randomBytes(32).toString('base64url')],
    }),
    ...options.environment,
  };
  opening.defer(() => balancer.close());
  const { syncMain, restart = false, say = () => {} } = options;
  const supervisor = opening.adopt(createSupervisor(balancer, { environment, syncMain, restart, say }), (created) =>
    created.stop(),
  );
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: options.apiTasks ?? 2 }, () => supervisor.add('api')),
    ...Array.from({ length: options.syncTasks ?? 2 }, () => supervisor.add('sync')),
  ]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  options.told?.throwIfAborted();

  const opened = opening.move();
  return {
    url: publicUrl,
    stopWithin: STOP_WITHIN,
    get api() {
      return supervisor.tasks('api');
    },
    get sync() {
      return supervisor.tasks('sync');
    },
    backends,
    environment,
    addSync: () => supervisor.add('sync'),
    close: () => opened.disposeAsync(),
  };
}
