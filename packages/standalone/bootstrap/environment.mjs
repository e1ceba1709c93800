// The environment of the set-up's programs: the person's own, without what belongs to the npm command that started us.
import { delimiter } from 'node:path';

/**
 * npm hands its whole configuration to scripts. A person's registry, proxy and certificates must reach pnpm; where this npm installs
 * to and what it leaves out must not.
 */
const NOT_OURS =
  /^(npm_lifecycle_|npm_package_|npm_command$|npm_config_(prefix|local_prefix|global_prefix|global|location|workspace|workspaces|include_workspace_root|omit|include|only|production|dev|optional|ignore_scripts|dry_run|json|package_lock|package_lock_only|loglevel|silent|if_present|call|package)$|node_env$|force_color$|node_compile_cache$|init_cwd$)/i;

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} nodeFolder goes first on PATH
 * @returns {NodeJS.ProcessEnv}
 */
export function stepEnvironment(env, nodeFolder) {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_OURS.test(name)));
  return {
    ...kept,
    PATH: `${nodeFolder}${delimiter}${env['PATH'] ?? ''}`,
    // Nobody is there to answer: without it pnpm stops where it would ask.
    CI: 'true',
    NO_COLOR: '1',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
}

/**
 * The npm that started us, run by the Node that it runs on; the one on PATH if it was not npm.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ program: string, args: readonly string[] }}
 */
export function npmOf(env) {
  const script = env['npm_execpath'] ?? '';
  if (!script.endsWith('npm-cli.js')) return { program: 'npm', args: [] };
  return { program: env['npm_node_execpath'] ?? 'node', args: [script] };
}
