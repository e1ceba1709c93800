import { StartFailure } from '@codesync/runtime';
import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

const NEEDED = ['--redis', 'redis://localhost', '--owner', 'ana@example.com'];

describe('readArguments', () => {
  it('says what is not given, too', () => {
    expect(readArguments(NEEDED)).toEqual({
      redis: 'redis://localhost',
      owner: 'ana@example.com',
      prefix: '',
      text: undefined,
      data: undefined,
      dryRun: false,
    });
    const more = ['--prefix', 'a', '--text=', '--data', '.codesync', '--dry-run'];
    expect(readArguments([...NEEDED, ...more])).toMatchObject({
      prefix: 'a',
      text: '',
      data: '.codesync',
      dryRun: true,
    });
  });

  it.each(['redis://:p%40ss@10.0.0.1:6380/3', 'rediss://user:pass@redis.example.com', 'redis://[::1]:6379/'])(
    'takes %s as it is',
    (redis) => {
      expect(readArguments(['--redis', redis, '--owner', 'a']).redis).toBe(redis);
    },
  );

  it.each([
    [[], '--redis is missing.'],
    [['--redis', 'redis://localhost'], '--owner is missing.'],
    [['--redis', 'localhost:6379', '--owner', 'a'], '--redis must be an address such as'],
    [['--redis', '/tmp/redis.sock', '--owner', 'a'], '--redis must be an address such as'],
    [['--redis', 'redis://localhost/name', '--owner', 'a'], '--redis must be an address such as'],
    [['--redis', 'redis://localhost', '--owner'], "Option '--owner <value>' argument missing"],
    [['--redis', 'redis://localhost', '--owner', '--dry-run'], "Option '--owner' argument is ambiguous."],
    [[...NEEDED, '--data', ''], '--data is empty.'],
    [[...NEEDED, '--overwrite'], "Unknown option '--overwrite'"],
    [[...NEEDED, '--dry-run=no'], "Option '--dry-run' does not take an argument"],
    [[...NEEDED, 'more'], "Unexpected argument 'more'"],
  ])('%j: one line that says what is wrong, and the usage', (args, line) => {
    const read = () => readArguments(args);
    expect(read).toThrow(StartFailure);
    expect(read).toThrow(/^[^\n]*Usage: node packages\/operations\/src\/import-y-redis\.ts --redis <url>[^\n]*$/);
    expect(read).toThrow(line);
  });

  it('keeps a password out of what it says', () => {
    expect(() => readArguments(['--redis', 'http://:secret@localhost', '--owner', 'a'])).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    );
  });
});
