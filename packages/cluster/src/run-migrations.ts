// Runs the process that brings a cluster's database up to date, as a deployment does before its tasks.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Environment } from './task-environment.ts';

const run = promisify(execFile);

const MAIN = fileURLToPath(new URL('../../database/src/migrate.ts', import.meta.url));

/** Rejects with what it said when it fails. */
export async function runMigrations(environment: Environment): Promise<void> {
  await run(process.execPath, [MAIN], { env: environment });
}
