import { Failure } from '@codesync/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestApi, OPENING, type TestApi } from '../testing/test-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await openTestApi();
}, OPENING);
beforeEach(() => api.reset());
afterAll(() => api.close());

describe('health', () => {
  it('is ok while the process answers, also when a part is down', async () => {
    api.fail(new Error('down'));
    const answer = await api.nobody.get('/health');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: 'ok' });
  });
});

describe('ready', () => {
  it('is ready when every part is', async () => {
    const answer = await api.nobody.get('/ready');
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ status: 'ready' });
  });

  it('R20: names what is down, or that we are draining', async () => {
    api.fail(new Failure('unavailable', { detail: 'The update log is down.' }));
    const answer = await api.nobody.get('/ready');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', detail: 'The update log is down.' } });
  });

  it('is asked every few seconds: that it is not ready is no error in the log', async () => {
    api.fail(new Error('draining'));
    expect((await api.nobody.get('/ready')).status).toBe(503);
    expect(new Set(api.lines.map(({ level }) => level))).toEqual(new Set(['info']));
    expect(api.lines).toContainEqual({ level: 'info', fields: { error: new Error('draining') } });
  });
});
