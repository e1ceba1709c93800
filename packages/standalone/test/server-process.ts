// `npm start`'s process, run by a test that looks at what it says and how it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ServerProcess {
  readonly pid: number;
  /** Resolves to the address of the ready line; rejects, with all that was said, when the process ends before. */
  readonly ready: Promise<string>;
  readonly ended: Promise<Ending>;
  signal(signal: NodeJS.Signals): void;
}

/** Ends with the test, also with one that timed out. */
export function startProcess(env: Readonly<Record<string, string>>): ServerProcess {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'], PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the server has no process');
  const said = { stdout: '', stderr: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));

  const ended = once(child, 'close').then((): Ending => ({ code: child.exitCode, ...said }));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const line = /^CodeSync is ready at (\S+)$/m.exec(said.stdout);
      if (line?.[1] !== undefined) resolve(line[1]);
    });
    void ended.then(({ code }) => reject(new Error(`the server ended with ${code}:\n${said.stdout}${said.stderr}`)));
  });
  // A test that looks at the ending alone does not wait for this one.
  ready.catch(() => undefined);

  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { pid, ready, ended, signal: (signal) => void child.kill(signal) };
}
