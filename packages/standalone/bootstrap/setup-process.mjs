// How a process of the set-up begins and ends: told to stop it lets its steps clean up, and a failure is a message and an exit code.
import { StepFailed } from './step.mjs';

/** @param {(signal: AbortSignal) => Promise<void>} body */
export async function runSetup(body) {
  const stop = new AbortController();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => stop.abort());
  try {
    await body(stop.signal);
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    if (error.message !== '') process.stderr.write(`${error.message}\n`);
    process.exitCode = error.code;
  }
}
