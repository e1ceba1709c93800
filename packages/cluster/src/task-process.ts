// One api or sync-server process: started, watched, stopped, killed, and started again at the same address.
import { StartFailure } from '@codesync/runtime';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface TaskProcess {
  /** `api-1`, `sync-2` */
  readonly name: string;
  readonly kind: 'api' | 'sync';
  /** Where it listens, past the front; the same after each start. */
  readonly url: string;
  /** Of the process that runs, or ran last. */
  readonly pid: number;
  readonly running: boolean;
  /** Told to stop: nothing new should be sent there. */
  readonly leaving: boolean;
  /** kill -9: nothing is saved, nothing is said. Resolves when it is gone. No error when it is not running. */
  kill(): Promise<void>;
  /** SIGTERM, then the exit code; null when a signal ended it. */
  stop(): Promise<number | null>;
  /** The process hangs: connections stay, nothing is answered. */
  pause(): void;
  resume(): void;
  /** Once more, on the same port, after it ended. Resolves when it says that it is ready. */
  start(): Promise<void>;
  /** Over Node's IPC channel, to a main that listens there. */
  send(message: unknown): void;
  /** What the process sends; also after it was started again. Answers what ends it. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** The last 200 lines of its stderr. */
  readonly output: string;
}

export interface TaskSettings {
  readonly name: string;
  readonly kind: TaskProcess['kind'];
  /** The program; a path. */
  readonly main: string;
  /** All of it: nothing of this process's own environment comes along. */
  readonly environment: Readonly<Record<string, string>>;
  /** Hears each line of its stderr; of a start that fails none, its rejection has them all. */
  readonly onLine: (line: string) => void;
  /** It ended, and nobody had asked for it. */
  readonly onDeath: (task: TaskProcess, how: string) => void;
}

const END_WITH_PARENT = new URL('end-with-parent.ts', import.meta.url).href;

/** The compiled code that every process of this checkout shares: as in the bootstrap's run.sh. */
const COMPILED = fileURLToPath(new URL('../../../.node/compiled', import.meta.url));

const LINES_KEPT = 200;

/** Milliseconds from SIGTERM to SIGKILL, as ECS has it at the most. */
const STOP_TIMEOUT = 120_000;

/** Resolves when it says that it is ready; rejects with what it said when it ends before. */
export async function startTask(settings: TaskSettings): Promise<TaskProcess> {
  const { name, kind } = settings;
  const listeners = new Set<(message: unknown) => void>();
  const lines: string[] = [];
  let child: ChildProcess;
  let url: string | undefined;
  /** Someone has asked for its end. */
  let asked = false;
  /** What it said until it was ready. */
  let starting: string[] | undefined;

  const isRunning = () => child.exitCode === null && child.signalCode === null;

  async function start(): Promise<void> {
    asked = false;
    starting = [];
    child = spawn(process.execPath, ['--import', END_WITH_PARENT, settings.main], {
      env: {
        NODE_COMPILE_CACHE: COMPILED,
        ...settings.environment,
        PORT: url === undefined ? '0' : new URL(url).port,
      },
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      // In a session of its own: Ctrl-C in a terminal is for the cluster's process, which stops its tasks in order.
      detached: true,
    });
    const started = child;
    const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
    started.on('message', (message) => {
      for (const listener of listeners) listener(message);
    });
    for (const stream of [started.stdout, started.stderr]) {
      if (stream === null) continue;
      createInterface(stream).on('line', (line) => {
        const said = stream === started.stdout ? / is ready at (\S+)$/.exec(line)?.[1] : undefined;
        if (said !== undefined) resolve(said);
        else keep(line);
      });
    }
    started.once('error', reject);
    // Not 'exit': its last words may still be on their way.
    started.once('close', (code, signal) => {
      const how = signal ?? `exit code ${code}`;
      if (starting !== undefined) reject(endOf(name, how, starting));
      else if (!asked && child === started) settings.onDeath(task, how);
    });
    url = await ready;
    for (const line of starting) settings.onLine(line);
    starting = undefined;
  }

  function keep(line: string): void {
    for (const kept of [lines, starting]) {
      kept?.push(line);
      if (kept !== undefined && kept.length > LINES_KEPT) kept.shift();
    }
    if (starting === undefined) settings.onLine(line);
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    if (isRunning()) {
      asked = true;
      const gone = once(child, 'exit');
      child.kill(signal);
      // A stopped process hears nothing but SIGKILL until it is continued.
      child.kill('SIGCONT');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
      await gone;
      clearTimeout(timer);
    }
    return child.exitCode;
  }

  const task: TaskProcess = {
    name,
    kind,
    get url() {
      return url ?? '';
    },
    get pid() {
      return child.pid ?? 0;
    },
    get running() {
      return isRunning();
    },
    get leaving() {
      return asked;
    },
    get output() {
      return lines.join('\n');
    },
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async start() {
      if (isRunning()) throw new Error(`${name} is running`);
      await start();
    },
    send(message) {
      if (!child.connected) throw new Error(`${name} does not run, or does not listen`);
      child.send(message as object);
    },
    onMessage(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };

  await start();
  return task;
}

/** A line that a person can do something about is that person's; of anything else all that was said is told. */
function endOf(name: string, how: string, lines: readonly string[]): Error {
  const refusal = / can't start: (.+\.)$/.exec(lines.at(-1) ?? '')?.[1];
  if (refusal !== undefined) return new StartFailure(refusal);
  return new Error(`${name} ended with ${how} before it was ready:\n${lines.join('\n')}`);
}
