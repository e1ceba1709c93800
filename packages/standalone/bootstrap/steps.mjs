// Which steps a command needs, in their order. A step knows whether it is done; done ones cost a few milliseconds.
import { dependencies } from './dependencies.mjs';
import { programs } from './programs.mjs';
import { webBuild } from './web-build.mjs';

/** @typedef {{ cwd: string, env: NodeJS.ProcessEnv, signal: AbortSignal }} StepOptions */

/**
 * @typedef {object} Step
 * @property {() => boolean} isDone
 * @property {(options: StepOptions) => Promise<void>} make leaves things as they were, or done, wherever it is interrupted
 */

/**
 * @param {string} command
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Step[]}
 */
export function stepsOf(command, root, env) {
  switch (command) {
    case 'start':
      return [dependencies(root), webBuild(root)];
    case 'cluster':
    case 'faults':
      return [dependencies(root), programs(root, env, ['redis-server']), webBuild(root)];
    case 'test':
    case 'bench':
      return [dependencies(root), programs(root, env, ['redis-server', 'chromium']), webBuild(root)];
    case 'check':
      return [dependencies(root), programs(root, env, ['redis-server'])];
    default:
      return [dependencies(root)];
  }
}
