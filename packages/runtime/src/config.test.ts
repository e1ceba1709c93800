import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { StartFailure } from './start-failure.ts';

describe('readConfig', () => {
  it('needs nothing: every setting of npm start has a default', () => {
    expect(readConfig({})).toEqual({
      mode: 'embedded',
      port: 3000,
      host: '127.0.0.1',
      data: resolve('.codesync'),
      publicUrl: undefined,
      allowedOrigins: [],
      jwtSecrets: [],
      snapshotInterval: 5000,
      logLevel: 'warn',
    });
  });

  it('takes a variable that is set but empty as not set', () => {
    expect(readConfig({ PORT: '', JWT_SECRET: '', PUBLIC_URL: '', CODESYNC_DATA: '' })).toEqual(readConfig({}));
  });

  it('reads what is set', () => {
    const config = readConfig({
      PORT: '0',
      HOST: '0.0.0.0',
      CODESYNC_DATA: '/srv/codesync',
      PUBLIC_URL: 'https://Code.Example.com/',
      ALLOWED_ORIGINS: 'https://a.example, http://b.example:8080/',
      JWT_SECRET: 'new,old',
      SNAPSHOT_INTERVAL_MS: '1000',
      LOG_LEVEL: 'debug',
    });
    expect(config).toEqual({
      mode: 'embedded',
      port: 0,
      host: '0.0.0.0',
      data: '/srv/codesync',
      publicUrl: 'https://code.example.com',
      allowedOrigins: ['https://a.example', 'http://b.example:8080'],
      jwtSecrets: ['new', 'old'],
      snapshotInterval: 1000,
      logLevel: 'debug',
    });
  });

  it.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '0x10'],
    ['PORT', '80.5'],
    ['PORT', 'http'],
    ['PUBLIC_URL', 'localhost:3000'],
    ['PUBLIC_URL', 'ftp://example.com'],
    ['PUBLIC_URL', 'https://example.com/codesync'],
    ['PUBLIC_URL', 'https://me@example.com'],
    ['ALLOWED_ORIGINS', 'https://a.example,b.example'],
    ['ALLOWED_ORIGINS', '*'],
    ['JWT_SECRET', 'new,,old'],
    ['SNAPSHOT_INTERVAL_MS', '0'],
    ['SNAPSHOT_INTERVAL_MS', '5s'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s in one line that names the variable', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(StartFailure);
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} [^\\n]+\\.$`));
  });

  it('keeps a wrong value out of the line, because one of them is a secret', () => {
    expect(() => readConfig({ JWT_SECRET: 'hunter2,' })).toThrow(/^((?!hunter2).)*$/);
  });
});
