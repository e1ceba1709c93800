// The life of a server process: configure, start, say so, wait for a signal, stop in time, exit with a code that tells how it went.
import type { Logger } from '@codesync/storage';
import { once } from 'node:events';
import { readConfig, type ConfigOf, type Mode } from './config.ts';
import { createLogger } from './logger.ts';
import { refuseStart } from './refuse-start.ts';

export interface Server {
  readonly url: string;
  /** Milliseconds that a stop may take; what takes longer hangs. Logged edits are safe before it. 25 s unless said. */
  readonly stopWithin?: number;
  /** Drains and closes everything, in reverse order of opening (R20). */
  close(): Promise<void>;
}

/** Resolves when every part answers. Rejects with the signal's reason when it is told to stop before that. */
export type Start<M extends Mode> = (config: ConfigOf<M>, logger: Logger, told: AbortSignal) => Promise<Server>;

const STOP_WITHIN = 25_000;

/** Milliseconds. A Ctrl-C under npm arrives twice, from the terminal and from npm: only a later one is a second one. */
const SAME_SIGNAL = 1000;

/** What the lines for people begin with. */
const NAMES = { embedded: 'CodeSync', api: 'CodeSync api', sync: 'CodeSync sync-server' } as const;

/**
 * Runs the process to its exit. One line on stdout when it is ready. The code is 0 after a signal and a whole stop; 1 when it
 * can't start (one line on stderr), crashes, does not stop in time, or is told a second time to stop.
 */
export async function serve<M extends keyof typeof NAMES>(mode: M, start: Start<M>): Promise<void> {
  try {
    const config = readConfig(mode);
    const logger = createLogger(config.logLevel);
    const told = toldToStop(logger);
    exitOnCrash(logger);

    const server = await start(config, logger, told).catch((error: unknown) => {
      if (told.aborted && error === told.reason) process.exit(0);
      throw error;
    });
    if (!told.aborted) {
      process.stdout.write(`${NAMES[mode]} is ready at ${server.url}\n`);
      await once(told, 'abort');
    }
    await stop(server, logger);
  } catch (error) {
    refuseStart(NAMES[mode], error);
  }
}

/** Aborts at the first signal. */
function toldToStop(logger: Logger): AbortSignal {
  const told = new AbortController();
  let first: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      logger.info({ signal }, 'told to stop');
      if (first !== undefined && performance.now() - first > SAME_SIGNAL) process.exit(1);
      first ??= performance.now();
      told.abort();
    });
  }
  return told.signal;
}

/** What state it is in then nobody knows, and what was acked is in the log: away with it. */
function exitOnCrash(logger: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      logger.error({ error, event }, 'crashed');
      process.exit(1);
    });
  }
}

async function stop(server: Server, logger: Logger): Promise<never> {
  const deadline = server.stopWithin ?? STOP_WITHIN;
  setTimeout(() => {
    logger.error({ deadline }, 'did not stop in time');
    process.exit(1);
  }, deadline);
  try {
    await server.close();
  } catch (error) {
    logger.error({ error }, 'could not stop cleanly');
    process.exit(1);
  }
  process.exit(0);
}
