// Lua scripts. They travel as their hash, and once as text to a server that does not know them: a new one, or one whose scripts were flushed.
import type { Cluster, Redis } from 'ioredis';
import { createHash } from 'node:crypto';

export interface RedisScript {
  readonly lua: string;
  readonly sha: string;
}

export type ScriptArgument = string | number | Buffer;

export function defineScript(lua: string): RedisScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/**
 * Strings in the reply are Buffers, numbers are numbers. Scripts that run at once may change places when the server does not
 * know them: whoever needs an order waits for the reply before.
 */
export async function runScript(
  commands: Redis | Cluster,
  script: RedisScript,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<unknown> {
  try {
    return await commands.callBuffer('evalsha', script.sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return commands.callBuffer('eval', script.lua, keys.length, ...keys, ...args);
  }
}
