// Step: node_modules as the lockfile says, by pnpm through npx.
import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { npmOf } from './environment.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';
import { run, say } from './step.mjs';

const PNPM = 'pnpm@12.21.0';

/**
 * @param {string} root
 * @returns {import('./steps.mjs').Step}
 */
export function dependencies(root) {
  // Inside node_modules, so that whoever removes that removes this.
  const stamp = join(root, 'node_modules', '.codesync-installed');
  const hash = () => hashOf(root, installInputs(root));
  return {
    isDone: () => readStamp(stamp) === hash(),
    async make(options) {
      const before = hash();
      say('installing the dependencies …');
      const npm = npmOf(process.env);
      const pnpm = ['exec', '--yes', '--', PNPM, 'install', '--frozen-lockfile', '--prefer-offline'];
      await run('installing the dependencies', npm.program, [...npm.args, ...pnpm], options);
      writeStamp(stamp, before);
    },
  };
}

/** @param {string} root */
export function installInputs(root) {
  const packages = readdirSync(join(root, 'packages'));
  packages.sort();
  const rooms = ['.', 'api', 'sync-server', 'web', 'pulumi', ...packages.map((name) => `packages/${name}`)];
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...rooms.map((room) => `${room}/package.json`)];
  return files.filter((file) => existsSync(join(root, file)));
}
