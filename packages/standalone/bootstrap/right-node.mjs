// The Node that runs CodeSync: the present one if it is new enough, else one from the npm registry, kept in .node.
import { existsSync } from 'node:fs';
import { chmod, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { npmOf, stepEnvironment } from './environment.mjs';
import { run, say, StepFailed } from './step.mjs';

/** The first that runs TypeScript as it is without a word. */
const LEAST = [24, 12];

const FETCHED_VERSION = '24.21.0';

const FETCHABLE = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** @typedef {{ version: string, platform: string, arch: string, path: string }} PresentNode */

/** @param {string} version `process.versions.node` */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST;
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/**
 * @param {string} root
 * @param {PresentNode} present
 * @returns {{ path: string, fetch?: string }} where the right Node is, and the package that it comes from when it is not the present one
 */
export function chooseNode(root, present) {
  if (isNewEnough(present.version)) return { path: present.path };
  const target = `${present.platform}-${present.arch}`;
  if (!FETCHABLE.includes(target)) {
    throw new StepFailed(
      `CodeSync: it needs Node ${LEAST.join('.')} or newer; here is ${present.version}, and there is none to fetch for ${target}: https://nodejs.org`,
    );
  }
  return { path: join(root, '.node', `v${FETCHED_VERSION}-${target}`, 'bin', 'node'), fetch: `node-${target}` };
}

/**
 * Resolves to the path of the right Node, fetched if it is missing.
 * @param {string} root
 * @param {PresentNode} present
 * @param {NodeJS.ProcessEnv} env
 * @param {AbortSignal} signal
 */
export async function provideNode(root, present, env, signal) {
  const { path, fetch } = chooseNode(root, present);
  if (fetch !== undefined && !existsSync(path)) {
    say(`fetching Node ${FETCHED_VERSION} (here is ${present.version}) …`);
    await fetchNode(fetch, dirname(dirname(path)), {
      cwd: root,
      env: stepEnvironment(env, dirname(present.path)),
      signal,
    });
  }
  await linkNode(join(root, '.node', 'bin'), path);
  return path;
}

/**
 * @param {string} name
 * @param {string} folder
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal }} options
 */
async function fetchNode(name, folder, options) {
  // Under another name until it is whole: who finds the folder, now or after a kill -9, finds all of it.
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  try {
    const npm = npmOf(process.env);
    const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--prefix', draft];
    await run('fetching Node', npm.program, [...npm.args, 'install', ...flags, `${name}@${FETCHED_VERSION}`], options);
    const unpacked = join(draft, 'node_modules', name);
    await chmod(join(unpacked, 'bin', 'node'), 0o755);
    await run('starting the fetched Node', join(unpacked, 'bin', 'node'), ['--version'], options);
    await rename(unpacked, folder).catch((error) => {
      // Another start was faster.
      if (!existsSync(join(folder, 'bin', 'node'))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Puts the right Node into a folder that run.sh has first on PATH.
 * @param {string} folder
 * @param {string} node
 */
async function linkNode(folder, node) {
  const link = join(folder, 'node');
  if ((await readlink(link).catch(() => undefined)) === node) return;
  await mkdir(folder, { recursive: true });
  const draft = `${link}.${process.pid}`;
  await symlink(node, draft);
  await rename(draft, link);
}
