import { SESSION_SECONDS, type SessionResponse } from '@codesync/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestApi, OPENING, PASSWORD, type TestApi } from '../testing/test-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await openTestApi();
}, OPENING);
beforeEach(() => api.reset());
afterAll(() => api.close());

const ada = { email: 'Ada@Example.com ', password: PASSWORD, name: ' Ada Lovelace ' };

describe('POST /auth/register', () => {
  it('makes an account, signs it in and keeps the e-mail address in lower case', async () => {
    const answer = await api.nobody.post('/auth/register', ada);
    expect(answer).toMatchObject({ status: 201, body: { user: { email: 'ada@example.com', name: 'Ada Lovelace' } } });
    const { user, token } = answer.body as SessionResponse;
    expect(await api.withToken(token).get('/auth/me')).toMatchObject({ status: 200, body: { user } });
  });

  it('sets the token as a cookie that no script reads and no other site’s form sends', async () => {
    const answer = await api.nobody.post('/auth/register', ada);
    const { token } = answer.body as SessionResponse;
    expect(answer.headers.get('set-cookie')).toBe(
      `codesync_session=${token}; Max-Age=86400; Path=/; HttpOnly; SameSite=Lax`,
    );
  });

  it('an e-mail address is taken once, whatever its case', async () => {
    await api.nobody.post('/auth/register', ada);
    const answer = await api.nobody.post('/auth/register', { ...ada, email: 'aDA@example.COM' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'email_taken' } });
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('of two who race for an e-mail address one gets it', async () => {
    const answers = await Promise.all([api.nobody.post('/auth/register', ada), api.nobody.post('/auth/register', ada)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  });

  it('the password is kept as argon2id and told to nobody', async () => {
    const answer = await api.nobody.post('/auth/register', ada);
    const rows = await api.database.db.selectFrom('users').select('password_hash').execute();
    expect(rows).toEqual([{ password_hash: expect.stringMatching(/^\$argon2id\$/) }]);
    expect(answer.text).not.toContain('argon2');
    expect(answer.text).not.toContain(PASSWORD);
  });
});

describe('POST /auth/login', () => {
  beforeEach(() => api.nobody.post('/auth/register', ada));

  it('signs in with the address in any case, in a session of its own', async () => {
    const answer = await api.nobody.post('/auth/login', { email: ' ADA@example.com', password: PASSWORD });
    expect(answer.status).toBe(200);
    const { token } = answer.body as SessionResponse;
    expect(answer.headers.get('set-cookie')).toContain(`codesync_session=${token};`);
    expect((await api.withToken(token).get('/auth/me')).status).toBe(200);
  });

  it('a wrong e-mail address and a wrong password look the same', async () => {
    const address = await api.nobody.post('/auth/login', { email: 'eve@example.com', password: PASSWORD });
    const password = await api.nobody.post('/auth/login', { email: 'ada@example.com', password: 'wrong' });
    expect(address.status).toBe(401);
    expect(address.text).toBe(password.text);
    expect(address.body).toMatchObject({ code: 'wrong_credentials' });
    expect([...address.headers.keys()]).toEqual([...password.headers.keys()]);
  });
});

describe('POST /auth/logout', () => {
  it('the token is dead at once, other sessions live on, and sockets are told', async () => {
    const me = await api.person('Ada');
    const other = await api.nobody.post('/auth/login', { email: me.email, password: PASSWORD });
    const { sid } = api.tokens.verify(me.token) ?? {};
    const answer = await me.post('/auth/logout');
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toMatch(/^codesync_session=; Max-Age=0; Path=\//);
    expect(api.heard).toEqual([{ kind: 'session-ended', session: sid }]);
    expect(await me.get('/auth/me')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    expect(await me.post('/auth/logout')).toMatchObject({ status: 401 });
    expect((await api.withToken((other.body as SessionResponse).token).get('/auth/me')).status).toBe(200);
  });

  it('tickets of the session die with it', async () => {
    const me = await api.person('Ada');
    const { id } = await me.creates();
    const { ticket } = (await me.post(`/documents/${id}/tickets`)).body as { ticket: string };
    await me.post('/auth/logout');
    const claims = api.tokens.verify(ticket);
    expect(claims && (await api.sessions.find(claims.sid, api.clock.now()))).toBeUndefined();
  });
});

describe('GET /auth/me', () => {
  it('knows people by the cookie as well as by the header', async () => {
    const me = await api.person('Ada');
    expect(await api.byCookie(me).get('/auth/me')).toMatchObject({ status: 200, body: { user: me.user } });
  });

  it('a session ends after 24 hours', async () => {
    const me = await api.person('Ada');
    await api.clock.advance((SESSION_SECONDS - 1) * 1000);
    expect((await me.get('/auth/me')).status).toBe(200);
    await api.clock.advance(1000);
    expect((await me.get('/auth/me')).status).toBe(401);
  });

  it.each(['', 'Bearer', 'Bearer ', 'Bearer x.y.z', 'Basic YTpi'])(
    'a header that says %j is nobody, even beside a good cookie',
    async (authorization) => {
      const me = await api.person('Ada');
      expect((await api.byCookie(me, { authorization }).get('/auth/me')).status).toBe(401);
    },
  );
});

describe('behind https', () => {
  it('the cookie is Secure when PUBLIC_URL is https', async () => {
    const secure = await openTestApi({ publicUrl: 'https://code.example.com' });
    try {
      const answer = await secure.nobody.post('/auth/register', ada);
      expect(answer.headers.get('set-cookie')).toMatch(/; Secure(;|$)/);
    } finally {
      await secure.close();
    }
  });
});
