import { Failure } from '@codesync/contract';
import { describe, expect, it } from 'vitest';
import { answered, isDatabaseOutage } from './outage.ts';

const coded = (code: string) => Object.assign(new Error('x'), { code });

describe('isDatabaseOutage', () => {
  it.each([
    coded('ECONNREFUSED'),
    coded('08006'),
    coded('57P01'),
    coded('53300'),
    coded('40P01'),
    new Error('Connection terminated unexpectedly'),
    new Error('PGlite is closed'),
    new AggregateError([coded('ECONNREFUSED')]),
    new Error('query failed', { cause: coded('ECONNRESET') }),
  ])('%o: the database is away', (error) => {
    expect(isDatabaseOutage(error)).toBe(true);
  });

  it.each([coded('42P01'), coded('23505'), coded('22021'), new TypeError('x is not a function'), 'text', undefined])(
    '%o: the defect is ours',
    (error) => {
      expect(isDatabaseOutage(error)).toBe(false);
    },
  );
});

describe('answered', () => {
  it('a port’s own reasons become `unavailable`, with the cause kept', async () => {
    const cause = new Error('away');
    const answer = answered('update log', Promise.reject(cause));
    await expect(answer).rejects.toMatchObject({
      code: 'unavailable',
      message: 'The update log is not available.',
      cause,
    });
  });

  it.each([new Failure('too_large'), new TypeError('x')])('%o goes through', async (error) => {
    const port = async () => {
      throw error;
    };
    await expect(answered('update log', port())).rejects.toBe(error);
  });
});
