// Imports the documents of an application that used npm's y-redis 1.x. 0: all are there; 1: some are not, or it could not run.
import { StartFailure } from '@codesync/runtime';
import { inspect } from 'node:util';
import { readArguments } from './arguments.ts';
import { findOwner, openDestination } from './destination.ts';
import { importLists } from './import-lists.ts';
import { openSourceLists } from './source-lists.ts';

const tell = (line: string) => void process.stderr.write(`${line}\n`);
const conclude = (line: string) => void process.stdout.write(`${line}\n`);

try {
  const { redis, owner: email, data, ...options } = readArguments(process.argv.slice(2));
  await using opened = new AsyncDisposableStack();
  const source = opened.adopt(await openSourceLists(redis), (lists) => lists.close());
  const platform = opened.adopt(await openDestination(data), (open) => open.close());
  const owner = await findOwner(platform, email);
  const complete = await importLists(source, platform, { ...options, owner }, { tell, conclude });
  process.exitCode = complete ? 0 : 1;
} catch (error) {
  tell(error instanceof StartFailure ? error.message : inspect(error));
  process.exitCode = 1;
}
