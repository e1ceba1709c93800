// Runs one program of the set-up: quiet when it works, its last words when it fails, and gone when the set-up is told to stop.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Something that a person has to read; the set-up ends with its message and exit code. */
export class StepFailed extends Error {
  /**
   * @param {string} message
   * @param {number} [code]
   */
  constructor(message, code = 1) {
    super(message);
    this.name = 'StepFailed';
    this.code = code;
  }
}

/** Enough of a failed program's output to see why. */
const KEPT_CHARACTERS = 4000;

/**
 * @param {string} what said when it fails: "installing the dependencies"
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal }} options
 * @returns {Promise<string>} what it printed, at most the end of it
 */
export async function run(what, program, args, { cwd, env, signal }) {
  if (signal.aborted) throw stopped();
  // A group of its own, so that what it starts in turn (npx -> pnpm -> scripts) can be ended with it.
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
  }
  const end = () => killGroup(child.pid);
  signal.addEventListener('abort', end);
  const failure = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, by) => resolve(code === 0 ? undefined : `ended with ${by ?? `exit code ${code}`}`));
  });
  signal.removeEventListener('abort', end);
  if (signal.aborted) throw stopped();
  if (failure !== undefined) {
    throw new StepFailed(
      `${lastLines(output)}\nCodeSync: ${what} failed (${program} ${failure}). The same command tries again.`,
    );
  }
  return output;
}

export function stopped() {
  return new StepFailed(
    'CodeSync: the set-up was stopped. The next start goes on with it.',
    128 + constants.signals.SIGTERM,
  );
}

/** @param {string} output */
function lastLines(output) {
  const whole = output.length < KEPT_CHARACTERS ? output : output.slice(output.indexOf('\n') + 1);
  return whole.trimEnd();
}

/** @param {number | undefined} pid */
function killGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch (error) {
    // ESRCH: it has ended by itself in this moment.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`CodeSync: ${line}\n`);
}
