// The Logger port over pino: JSON lines on stderr, so that stdout stays for what a person or a script waits for.
import type { Logger } from '@codesync/storage';
import { destination, pino, stdSerializers } from 'pino';
import type { LogLevel } from './config.ts';

/** Lines waiting for a stderr that nobody reads; beyond it they are dropped, and the server goes on (R16). */
const MAX_WAITING_BYTES = 1024 * 1024;

/** What waits is written when the process exits. */
export function createLogger(level: LogLevel): Logger {
  const { err } = stdSerializers;
  const stderr = destination({ fd: 2, sync: false, maxLength: MAX_WAITING_BYTES });
  // Without a listener a full disk under the log would end the server; and there is no other place to say so.
  stderr.on('error', () => undefined);
  return pino({ level, base: null, serializers: { err, error: err, cause: err, reason: err } }, stderr);
}
