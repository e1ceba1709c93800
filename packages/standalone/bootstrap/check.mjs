// `npm run check` and `npm run fix`: the tools one after the other, all of them, also when one has found something.
import { spawn } from 'node:child_process';

/** Rooms whose tests need neither a browser nor a server process. */
const FAST = ['contract', 'storage', 'database', 'runtime', 'api', 'sync-server'];

/** The servers; what also runs in a browser or drives one; the web app. */
const TYPED = ['tsconfig.json', 'tsconfig.browser.json', 'web/tsconfig.json'];

/** @type {Readonly<Record<string, readonly (readonly [string, ...string[]])[]>>} */
const TOOLS = {
  check: [
    ['oxfmt', '--check'],
    ['oxlint', '--type-aware'],
    ...TYPED.map((folder) => /** @type {const} */ (['tsc', '--noEmit', '-p', folder])),
    ['knip'],
    ['vitest', 'run', ...FAST.flatMap((name) => ['--project', name])],
  ],
  fix: [['oxlint', '--type-aware', '--fix'], ['oxfmt']],
};

const [command = 'check'] = process.argv.slice(2);
const failed = [];
for (const [tool, ...args] of TOOLS[command] ?? []) {
  console.log(`\n> ${[tool, ...args].join(' ')}`);
  if ((await run(tool, args)) !== 0) failed.push([tool, ...args].join(' '));
}
if (failed.length > 0) console.error(`\nNot right yet: ${failed.join('; ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;

/**
 * @param {string} tool
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
async function run(tool, args) {
  const child = spawn(`node_modules/.bin/${tool}`, args, { stdio: 'inherit' });
  const stop = () => {
    child.kill('SIGTERM');
    process.exit(143);
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  process.off('SIGTERM', stop).off('SIGINT', stop);
  return code;
}
