import { describe, expect, it, beforeAll, beforeEach, afterAll } from 'vitest';
import { openTestApi, OPENING, type TestApi } from '../testing/test-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await openTestApi();
}, OPENING);
beforeEach(() => api.reset());
afterAll(() => api.close());

describe('origins', () => {
  const foreign = { origin: 'https://evil.example' };

  it('another site changes nothing with a visitor’s cookie', async () => {
    const me = await api.person('Me');
    const answer = await api.byCookie(me, foreign).post('/documents', { title: 'x' });
    expect(answer).toMatchObject({ status: 403, body: { code: 'foreign_origin' } });
    expect(await me.get('/documents')).toMatchObject({ body: { items: [] } });
    expect((await api.byCookie(me, { origin: 'null' }).post('/auth/logout')).status).toBe(403);
  });

  it('another site signs nobody in as somebody else', async () => {
    const { email } = await api.person('Me');
    const login = { email, password: 'x' };
    expect((await api.nobody.request('POST', '/auth/login', login, foreign)).status).toBe(403);
  });

  it('our own pages, programs without an Origin, and holders of a token may', async () => {
    const me = await api.person('Me');
    expect((await api.byCookie(me, { origin: 'http://localhost:3000' }).post('/documents')).status).toBe(201);
    expect((await api.byCookie(me).post('/documents')).status).toBe(201);
    expect((await me.request('POST', '/documents', {}, foreign)).status).toBe(201);
    expect((await api.byCookie(me, foreign).get('/auth/me')).status).toBe(200);
  });
});

describe('request ids', () => {
  it('every response has one: the caller’s if it is sane, else a new one', async () => {
    for (const [path, status] of [
      ['/health', 200],
      ['/auth/me', 401],
      ['/nowhere', 404],
    ] as const) {
      const mine = await api.nobody.request('GET', path, undefined, { 'x-request-id': 'from-the-proxy_1' });
      expect(mine.status).toBe(status);
      expect(mine.headers.get('x-request-id')).toBe('from-the-proxy_1');
      const bad = await api.nobody.request('GET', path, undefined, { 'x-request-id': 'a b<script>' });
      expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe('access lines', () => {
  it('say what was asked and answered, and keep tokens, queries and people out', async () => {
    const me = await api.person('Me');
    await api.byCookie(me).get('/documents?q=private');
    await me.get('/auth/me');
    await api.nobody.get('/nowhere');
    const requests = api.lines.map(({ fields }) => fields);
    expect(requests.at(-1)).toEqual({
      method: 'GET',
      path: '/api/nowhere',
      status: 404,
      ms: 0,
      requestId: expect.any(String),
    });
    const written = JSON.stringify(api.lines);
    for (const secret of [me.token, me.email, 'private', 'codesync_session']) expect(written).not.toContain(secret);
  });

  it('a defect is logged with its cause and told without it', async () => {
    await api.database.db.schema.alterTable('users').renameTo('people').execute();
    try {
      const answer = await api.nobody.post('/auth/login', { email: 'a@example.com', password: 'x' });
      expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
      expect(answer.text).not.toContain('users');
      const line = api.lines.find(({ level }) => level === 'error');
      expect(String(line?.fields['err'])).toContain('relation "users" does not exist');
    } finally {
      await api.database.db.schema.alterTable('people').renameTo('users').execute();
    }
  });

  it('a database that is away is `unavailable`', async () => {
    const lost = await openTestApi();
    await lost.close();
    const answer = await lost.nobody.post('/auth/login', { email: 'a@example.com', password: 'x' });
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'unavailable', detail: 'The database is not available.' },
    });
  });
});
