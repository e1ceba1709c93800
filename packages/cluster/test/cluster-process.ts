// The process of `npm run cluster`, run by a test that looks at what it says, what it starts, and what it leaves.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ClusterProcess {
  readonly pid: number;
  /** Resolves to the address of the ready line; rejects, with all that was said, when the process ends before. */
  readonly ready: Promise<string>;
  readonly ended: Promise<Ending>;
  signal(signal: NodeJS.Signals): void;
  /** What it has started, and what that has started, down to the last one. */
  descendants(): Process[];
}

export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** Ends with the test, also with one that timed out. */
export function startClusterProcess(env: Readonly<Record<string, string>>): ClusterProcess {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the cluster has no process');
  const said = { stdout: '', stderr: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));

  const ended = once(child, 'close').then((): Ending => ({ code: child.exitCode, ...said }));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const line = /^CodeSync is ready at (\S+)$/m.exec(said.stdout);
      if (line?.[1] !== undefined) resolve(line[1]);
    });
    void ended.then(({ code }) => reject(new Error(`the cluster ended with ${code}:\n${said.stdout}${said.stderr}`)));
  });
  // A test that looks at the ending alone does not wait for this one.
  ready.catch(() => undefined);

  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    pid,
    ready,
    ended,
    signal: (signal) => void child.kill(signal),
    descendants: () => descendantsOf(pid, processes()),
  };
}

/** Of those, the ones that still run; zombies do not. */
export function stillRunning(among: readonly Process[]): Process[] {
  const now = processes();
  return among.filter(({ pid, command }) =>
    now.some((each) => each.pid === pid && each.command === command && !each.state.startsWith('Z')),
  );
}

interface Row extends Process {
  readonly parent: number;
  readonly state: string;
}

function processes(): Row[] {
  const table = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [, pid, parent, state = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), state, command }];
  });
}

function descendantsOf(pid: number, all: readonly Row[]): Process[] {
  return all.filter(({ parent }) => parent === pid).flatMap((row) => [row, ...descendantsOf(row.pid, all)]);
}
