// Runs a server as a child of a shell that outlives this process: whatever ends this process, also kill -9, the server stops and its temporary folder goes.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Account } from './account.ts';

/**
 * Standard input is a pipe from this process, so it ends when this process does. Each line in it is a command that is started,
 * under a subshell that tells when it ended, after everything that it printed. A file says which process runs; the last start
 * may not have come so far when the input ends. Nobody reads what is printed by then, which must end nothing. A stopped
 * process hears nothing but SIGKILL until it is continued. Grandchildren may write for a moment longer.
 */
const KEEPER = `
folder=$1 signal=$2 mark=$3
exec 2>&1
trap '' PIPE
mkdir -m 700 "$folder" && cd "$folder" || exit
printf '%s opened\\n' "$mark"
run() {
  "$@" &
  echo $! >"$folder/running"
  printf '\\n%s started %s\\n' "$mark" $!
  wait $!
  code=$?
  echo none >"$folder/running"
  printf '\\n%s ended %s\\n' "$mark" $code
}
begun=
while IFS= read -r command; do
  begun=yes
  rm -f "$folder/running"
  eval "run $command" &
done
if [ "$begun" ]; then
  until [ -s "$folder/running" ]; do sleep 0.1; done
  read -r pid <"$folder/running"
  [ "$pid" = none ] || { kill -"$signal" "$pid"; kill -CONT "$pid"; }
  wait
fi
cd /
rm -rf "$folder" || { sleep 1; rm -rf "$folder"; }
`;

/** How lines begin that are the keeper's own and not a server's. */
const MARK = '(keeper)';

/** The end of what a server printed, for the reason why it did not start. In characters. */
const OUTPUT_KEPT = 10_000;

export interface KeeperOptions {
  /** Whose it is: part of the folder's name. */
  readonly name: string;
  /** How what runs is ended. */
  readonly signal: 'KILL' | 'TERM' | 'INT';
  /** As whom everything runs, and whose the folder is. */
  readonly account?: Account | undefined;
  /** A folder of theirs below one that they may not enter: what runs has it at INHERITED. Linux alone can do that. */
  readonly inherits?: string | undefined;
}

/** An open folder is entered through its descriptor, which every process of a server inherits; those above it are not asked. */
export const INHERITED = '/proc/self/fd/3';

/** One run of a command. */
export interface Run {
  readonly pid: number;
  /** Resolves when the process is gone, whoever ended it, with its exit code as a shell has it. */
  readonly ended: Promise<number>;
  /** The end of what it printed until now. */
  output(): string;
  /** Calls back now and whenever something more was printed. */
  onOutput(listener: (output: string) => void): void;
}

export interface Keeper {
  /** Its own and temporary: removed at the end. */
  readonly folder: string;
  /** Program and arguments. Resolves when the process is there; whether it does its work is for the caller to see. One at a time. */
  start(command: readonly string[]): Promise<Run>;
  /** Ends what runs and removes the folder; resolves when both are gone. Twice is harmless. */
  end(): Promise<void>;
}

export async function openKeeper({ name, signal, account, inherits }: KeeperOptions): Promise<Keeper> {
  const folder = join(tmpdir(), `codesync-${name}-${randomUUID()}`);
  const inherited = inherits === undefined ? [] : [openSync(inherits, 'r')];
  // In a session of its own: Ctrl-C in a terminal must not reach the servers before those that use them.
  const shell = spawn('sh', ['-c', KEEPER, 'sh', folder, signal, MARK], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore', ...inherited],
    ...account,
  }) as ChildProcessByStdio<Writable, Readable, null>;
  for (const descriptor of inherited) closeSync(descriptor);
  const exited: Promise<undefined> = once(shell, 'exit').then(() => undefined);
  const opened = Promise.withResolvers<true>();
  let started = Promise.withResolvers<number>();
  let ended = Promise.withResolvers<number>();
  let output = '';
  let listeners: ((output: string) => void)[] = [];

  // Read to the end, beyond what is waited for: a full pipe would stop the server.
  createInterface(shell.stdout).on('line', (line) => {
    const [mark, event, number] = line.split(' ');
    if (mark !== MARK) {
      output = `${output}${line}\n`.slice(-OUTPUT_KEPT);
      for (const listener of listeners) listener(output);
    } else if (event === 'opened') {
      opened.resolve(true);
    } else if (event === 'started') {
      started.resolve(Number(number));
    } else {
      ended.resolve(Number(number));
    }
  });
  // Written to after it ended: `start` rejects by itself.
  shell.stdin.on('error', () => {});

  if ((await Promise.race([opened.promise, exited])) === undefined) {
    throw new Error(`the folder ${folder} cannot be made: ${output}`);
  }
  return {
    folder,
    async start(command) {
      started = Promise.withResolvers();
      ended = Promise.withResolvers();
      output = '';
      listeners = [];
      shell.stdin.write(`${command.map(quote).join(' ')}\n`);
      const pid = await Promise.race([started.promise, exited]);
      if (pid === undefined) throw new Error(`the server's keeper has ended: ${output}`);
      return {
        pid,
        ended: Promise.race([ended.promise, exited.then(() => 0)]),
        output: () => output,
        onOutput(listener) {
          listeners.push(listener);
          listener(output);
        },
      };
    },
    async end() {
      shell.stdin.end();
      await exited;
    },
  };
}

/** As one word of the shell's. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
