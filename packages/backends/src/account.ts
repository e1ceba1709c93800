// As whom a server runs that refuses to be run by root.
import { execFileSync } from 'node:child_process';
import { getuid } from 'node:process';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** For root, the account that every system has for owning nothing; anyone else stays who they are. */
export function unprivilegedAccount(): Account | undefined {
  if (getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
