// The last words of a process that can't start: one line for what a person can mend, all there is to know for anything else.
import { inspect } from 'node:util';
import { StartFailure } from './start-failure.ts';

/** Ends the process with 1. */
export function refuseStart(name: string, error: unknown): never {
  const reason = error instanceof StartFailure ? error.message : inspect(error);
  process.stderr.write(`${name} can't start: ${reason}\n`);
  process.exit(1);
}
