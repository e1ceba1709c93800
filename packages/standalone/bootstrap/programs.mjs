// Step: the programs that a command needs and npm does not bring, found on this machine or installed by apt when we may.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, say, StepFailed } from './step.mjs';

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {readonly string[]} names on PATH, the first that is there
 * @property {readonly string[]} places besides PATH
 * @property {string} debian its package there
 * @property {string} homebrew
 * @property {number} [least] the first major version that will do, as `--version` says it after v=
 */

/** @type {readonly Program[]} */
const PROGRAMS = [
  {
    name: 'chromium',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    places: [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    debian: 'chromium',
    homebrew: '--cask chromium',
  },
  // Before 7 it has no sharded pub/sub.
  { name: 'redis-server', names: ['redis-server'], places: [], debian: 'redis-server', homebrew: 'redis', least: 7 },
];

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} names
 * @returns {import('./steps.mjs').Step}
 */
export function programs(root, env, names) {
  const bin = join(root, '.node', 'bin');
  const needed = PROGRAMS.filter(({ name }) => names.includes(name));
  return {
    isDone: () => needed.every((program) => isLinked(bin, program, env)),
    async make(options) {
      const missing = () => needed.filter((program) => find(program, env, bin) === undefined);
      if (missing().length > 0) {
        if (!mayUseApt(env)) throw new StepFailed(`CodeSync: ${advice(missing())}`);
        await install(missing(), options);
      }
      for (const program of needed) {
        const path = find(program, env, bin);
        if (path === undefined) throw new StepFailed(`CodeSync: ${advice([program])}`);
        // Some systems put a program there that only tells how to install the real one.
        const said = await run(`starting ${path}`, path, ['--version'], options);
        const major = Number(/v=(\d+)/.exec(said)?.[1] ?? Infinity);
        const { name, least = 0 } = program;
        if (major < least)
          throw new StepFailed(`CodeSync: ${path} is ${name} ${major}; it has to be ${least} or newer.`);
        link(bin, program, path);
      }
    },
  };
}

/**
 * @param {Program} program
 * @param {NodeJS.ProcessEnv} env
 * @param {string} ours not looked into: there are only our links
 */
function find(program, env, ours) {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '' && folder !== ours);
  const candidates = program.names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...program.places].find(isExecutable);
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not for us: the next candidate.
    return false;
  }
}

/**
 * A script and not a symbolic link: on macOS a browser finds the rest of itself by the path that it was started by.
 * @param {string} path
 */
const script = (path) => `#!/bin/sh\nexec '${path.replaceAll("'", "'\\''")}' "$@"\n`;

/**
 * @param {string} bin
 * @param {Program} program
 * @param {NodeJS.ProcessEnv} env
 */
function isLinked(bin, program, env) {
  const path = find(program, env, bin);
  const link = join(bin, program.name);
  return path !== undefined && existsSync(link) && readFileSync(link, 'utf8') === script(path);
}

/**
 * @param {string} bin
 * @param {Program} program
 * @param {string} path
 */
function link(bin, program, path) {
  mkdirSync(bin, { recursive: true });
  const draft = join(bin, `${program.name}.${process.pid}`);
  writeFileSync(draft, script(path), { mode: 0o755 });
  renameSync(draft, join(bin, program.name));
}

/** @param {NodeJS.ProcessEnv} env */
function mayUseApt(env) {
  const apt = { name: 'apt-get', names: ['apt-get'], places: [], debian: '', homebrew: '' };
  return process.platform === 'linux' && process.getuid?.() === 0 && find(apt, env, '') !== undefined;
}

/**
 * @param {readonly Program[]} missing
 * @param {import('./steps.mjs').StepOptions} options
 */
async function install(missing, options) {
  const names = missing.map((program) => program.debian);
  say(`installing ${names.join(' and ')} …`);
  // RUNLEVEL: installing a server's package must not start a server.
  const env = { ...options.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run('apt-get update', 'apt-get', ['update'], { ...options, env });
  await run(`installing ${names.join(' and ')}`, 'apt-get', ['install', '-y', '--no-install-recommends', ...names], {
    ...options,
    env,
  });
}

/** @param {readonly Program[]} missing */
export function advice(missing) {
  const names = missing.map((program) => program.name).join(' and ');
  const how =
    process.platform === 'darwin'
      ? missing.map((program) => `brew install ${program.homebrew}`).join(' && ')
      : `sudo apt-get install ${missing.map((program) => program.debian).join(' ')}`;
  return `this needs ${names}, which ${missing.length > 1 ? 'are' : 'is'} not on this machine: ${how}`;
}
