// What is logged of an outage: its beginning, now and then that it goes on, its end. Not every attempt of every connection.
import type { Logger } from '../logger.ts';
import { createBoundedWarning } from './bounded-warning.ts';

export interface ConnectionLog {
  failed(error: unknown): void;
  /** A connection is usable. */
  restored(): void;
}

export function createConnectionLog(logger: Logger, name: string): ConnectionLog {
  const warn = createBoundedWarning(logger, 'a connection to Redis failed');
  let isFailing = false;
  return {
    failed(error) {
      isFailing = true;
      warn({ error, connection: name });
    },
    restored() {
      if (isFailing) logger.info({ connection: name }, 'a connection to Redis is back');
      isFailing = false;
    },
  };
}
