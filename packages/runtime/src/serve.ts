// The life of a server process: configure, start, say so, wait for a signal, stop in time, exit with a code that tells how it went.
import type { Logger } from '@codesync/storage';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { readConfig, type Config } from './config.ts';
import { createLogger } from './logger.ts';
import { StartFailure } from './start-failure.ts';

export interface Server {
  readonly url: string;
  /** Drains and closes everything, in reverse order of opening (R20). */
  close(): Promise<void>;
}

/** Milliseconds for a stop. Logged edits are safe before it; what takes longer hangs. */
const STOP_DEADLINE = 25_000;

/** Milliseconds. A Ctrl-C under npm arrives twice, from the terminal and from npm: only a later one is a second one. */
const SAME_SIGNAL = 1000;

/**
 * Runs the process to its exit. One line on stdout when it is ready. The code is 0 after a signal and a whole stop; 1 when it
 * can't start (one line on stderr), crashes, does not stop in time, or is told a second time to stop.
 */
export async function serve(start: (config: Config, logger: Logger) => Promise<Server>): Promise<void> {
  try {
    const config = readConfig();
    const logger = createLogger(config.logLevel);
    const told = toldToStop(logger);
    exitOnCrash(logger);

    const server = await start(config, logger);
    if (!told.aborted) {
      process.stdout.write(`CodeSync is ready at ${server.url}\n`);
      await once(told, 'abort');
    }
    await stop(server, logger);
  } catch (error) {
    const reason = error instanceof StartFailure ? error.message : inspect(error);
    process.stderr.write(`CodeSync can't start: ${reason}\n`);
    process.exit(1);
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
  setTimeout(() => {
    logger.error({ deadline: STOP_DEADLINE }, 'did not stop in time');
    process.exit(1);
  }, STOP_DEADLINE);
  try {
    await server.close();
  } catch (error) {
    logger.error({ error }, 'could not stop cleanly');
    process.exit(1);
  }
  process.exit(0);
}
