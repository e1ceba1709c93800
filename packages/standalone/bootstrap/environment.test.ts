import { describe, expect, it } from 'vitest';
import { npmOf, stepEnvironment } from './environment.mjs';

describe('stepEnvironment', () => {
  it('keeps how this person reaches the registry', () => {
    const own = {
      HOME: '/home/ana',
      HTTPS_PROXY: 'http://proxy:8080',
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      npm_config_registry: 'https://registry.example/',
      NPM_CONFIG_USERCONFIG: '/home/ana/.npmrc',
      npm_config_cache: '/cache',
    };
    expect(stepEnvironment(own, '/node')).toMatchObject(own);
  });

  it('drops what belongs to the npm that started us, or would leave half of the dependencies out', () => {
    const env = stepEnvironment(
      {
        npm_lifecycle_event: 'start',
        npm_package_name: 'codesync',
        npm_config_prefix: '/usr',
        npm_config_local_prefix: '/code',
        NPM_CONFIG_OMIT: 'dev',
        npm_config_ignore_scripts: 'true',
        NODE_ENV: 'production',
      },
      '/node',
    );
    expect(Object.keys(env).filter((name) => /lifecycle|package|prefix|omit|ignore|NODE_ENV/i.test(name))).toEqual([]);
  });

  it('puts the right Node first and asks nobody anything', () => {
    const env = stepEnvironment({ PATH: '/usr/bin:/bin' }, '/node');
    expect(env.PATH).toBe('/node:/usr/bin:/bin');
    expect(env['CI']).toBe('true');
  });
});

describe('npmOf', () => {
  it('is the npm that started us, on its own Node', () => {
    const env = { npm_execpath: '/lib/npm/bin/npm-cli.js', npm_node_execpath: '/usr/bin/node' };
    expect(npmOf(env)).toEqual({ program: '/usr/bin/node', args: ['/lib/npm/bin/npm-cli.js'] });
  });

  it.each([{}, { npm_execpath: '/lib/yarn/yarn.js' }])(
    'is the one on PATH when it was not npm that started us',
    (env) => {
      expect(npmOf(env)).toEqual({ program: 'npm', args: [] });
    },
  );
});
