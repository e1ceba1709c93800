// What the command line of the importer says, judged before anything is opened.
import { StartFailure } from '@codesync/runtime';
import { parseArgs } from 'node:util';

export interface ImportArguments {
  /** redis:// or rediss://, with password and database number as far as they are needed. */
  readonly redis: string;
  /** Whose documents they become: an e-mail address. */
  readonly owner: string;
  /** Only documents whose y-redis names begin with it. */
  readonly prefix: string;
  /** The root that holds the text; undefined: found out for each document. */
  readonly text: string | undefined;
  /** An embedded installation's folder; undefined: the installation that the environment names. */
  readonly data: string | undefined;
  readonly dryRun: boolean;
}

const USAGE =
  'Usage: node packages/operations/src/import-y-redis.ts --redis <url> --owner <e-mail> [--prefix <text>] [--text <root name>] [--data <folder>] [--dry-run]';

/** Throws StartFailure with what is wrong and the usage, in one line. */
export function readArguments(args: readonly string[]): ImportArguments {
  const { redis, owner, prefix = '', text, data, 'dry-run': dryRun = false } = parse(args);
  if (redis === undefined || owner === undefined) {
    throw wrong(`--${redis === undefined ? 'redis' : 'owner'} is missing.`);
  }
  if (data === '') throw wrong('--data is empty.');
  return { redis: redisUrl(redis), owner, prefix, text, data, dryRun };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        redis: { type: 'string' },
        owner: { type: 'string' },
        prefix: { type: 'string' },
        text: { type: 'string' },
        data: { type: 'string' },
        'dry-run': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    const [line = ''] = error instanceof Error ? error.message.split('\n', 1) : [];
    throw wrong(line);
  }
}

/** In the spelling that the client library takes: it reads anything else as a path or another database. */
function redisUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === '' || !/^\/?\d*$/.test(url.pathname)) {
    throw wrong('--redis must be an address such as redis://:password@localhost:6379/0.');
  }
  return url.href;
}

function wrong(what: string): StartFailure {
  return new StartFailure(`${what} ${USAGE}`);
}
