// Step: the web app, built into web/dist.
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installInputs } from './dependencies.mjs';
import { filesBelow, hashOf, readStamp, writeStamp } from './stamp.mjs';
import { run, say } from './step.mjs';

const NOT_BUILT_IN = /^web\/(node_modules|dist|test)$|\.test\.tsx?$/;

/**
 * @param {string} root
 * @returns {import('./steps.mjs').Step}
 */
export function webBuild(root) {
  const built = join(root, 'web', 'dist');
  const hash = () => hashOf(root, buildInputs(root));
  return {
    isDone: () => readStamp(join(built, '.stamp')) === hash(),
    async make(options) {
      const before = hash();
      say('building the web app …');
      // Built beside the old one and then swapped: a build that is interrupted leaves the old one, or none.
      const draft = join(root, '.node', 'web.draft');
      const old = join(root, '.node', 'web.old');
      await Promise.all([draft, old].map((folder) => rm(folder, { recursive: true, force: true })));
      const vite = join('node_modules', 'vite', 'bin', 'vite.js');
      const flags = ['--outDir', draft, '--emptyOutDir', '--logLevel', 'warn'];
      const web = { ...options, cwd: join(root, 'web'), env: { ...options.env, NODE_ENV: 'production' } };
      await run('building the web app', process.execPath, [vite, 'build', ...flags], web);
      writeStamp(join(draft, '.stamp'), before);
      if (existsSync(built)) await rename(built, old);
      await rename(draft, built);
      await rm(old, { recursive: true, force: true });
    },
  };
}

/** @param {string} root */
function buildInputs(root) {
  return [
    ...installInputs(root),
    'tsconfig.json',
    ...filesBelow(root, 'web', NOT_BUILT_IN),
    ...filesBelow(root, 'packages/contract/src', NOT_BUILT_IN),
    'api/src/client.ts',
  ];
}
