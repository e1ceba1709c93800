// Bad input at every route: the documented error each time, in the documented form.
import { FAILURES, newDocumentId, type FailureCode, type Problem } from '@codesync/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openTestApi,
  OPENING,
  PASSWORD,
  type Answer,
  type Caller,
  type Person,
  type TestApi,
} from '../src/testing/test-api.ts';

let api: TestApi;
let owner: Person;
let editor: Person;
let viewer: Person;
let stranger: Person;
let id: string;
let document: string;

beforeAll(async () => {
  api = await openTestApi();
  [owner, editor, viewer, stranger] = await api.cast();
  const made = await owner.creates({ title: 'Secret plan', content: 'text' });
  id = made.id;
  await owner.shares(made.id, editor, 'editor');
  await owner.shares(made.id, viewer, 'viewer');
  document = `/documents/${id}`;
}, OPENING);
afterAll(() => api.close());

interface Route {
  /** Method and path, as in the contract. */
  readonly route: string;
  /** A body that is accepted. */
  readonly body?: object;
  /** Who is refused with `not_allowed`. */
  readonly refused?: readonly ('viewer' | 'editor')[];
  readonly isPublic?: true;
}

const somebody = '00000000-0000-4000-8000-000000000001';
const onlyOwners = { refused: ['viewer', 'editor'] } as const;

/** Every route of the API, health and ready apart: they take nothing. */
const ROUTES: readonly Route[] = [
  {
    route: 'POST /auth/register',
    body: { email: 'x@example.com', password: PASSWORD, name: 'X' },
    isPublic: true,
  },
  { route: 'POST /auth/login', body: { email: 'x@example.com', password: 'x' }, isPublic: true },
  { route: 'POST /auth/logout' },
  { route: 'GET /auth/me' },
  { route: 'POST /documents', body: { title: 'x' } },
  { route: 'GET /documents' },
  { route: 'GET /documents/:id' },
  { route: 'PATCH /documents/:id', body: { title: 'x' }, refused: ['viewer'] },
  { route: 'DELETE /documents/:id', ...onlyOwners },
  { route: 'DELETE /documents/:id?permanent=true', ...onlyOwners },
  { route: 'POST /documents/:id/restore', ...onlyOwners },
  { route: 'GET /documents/:id/content' },
  { route: 'PUT /documents/:id/content', refused: ['viewer'] },
  { route: 'GET /documents/:id/members' },
  { route: 'PUT /documents/:id/members', body: { email: 'x@example.com', role: 'editor' }, ...onlyOwners },
  { route: 'PATCH /documents/:id/members/:userId', body: { role: 'editor' }, ...onlyOwners },
  { route: 'DELETE /documents/:id/members/:userId', ...onlyOwners },
  { route: 'POST /documents/:id/tickets' },
];
const about = ROUTES.filter(({ route }) => route.includes('/:id'));
const withJson = ROUTES.filter(({ body }) => body !== undefined);

/** Makes the route's request, about the one document there is unless another is named. */
function ask(
  who: Caller,
  { route }: Route,
  body?: unknown,
  options: { id?: string; headers?: Record<string, string> } = {},
) {
  const [method = '', template = ''] = route.split(' ');
  const path = template.replace(':id', options.id ?? id).replace(':userId', somebody);
  return who.request(method, path, method === 'GET' ? undefined : body, options.headers);
}

function expectProblem(answer: Answer, code: FailureCode): Problem {
  const { status, title } = FAILURES[code];
  expect(answer.body).toMatchObject({ type: 'about:blank', title, status, code });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('x-request-id')).toBeTruthy();
  expect(answer.headers.get('set-cookie')).toBeNull();
  return answer.body as Problem;
}

/** Somebody who may do this, or nobody where that is enough. */
const allowed = (route: Route): Caller => (route.isPublic ? api.nobody : owner);

describe('every route is in the table', () => {
  it('so that a new one is tested too', () => {
    const tested = ROUTES.map(({ route }) => route.replace(' ', ' /api'));
    const routes = api.app.routes
      .filter(({ method, path }) => method !== 'ALL' && !/\/(health|ready)$/.test(path))
      .map(({ method, path }) => `${method} ${path}`);
    expect(routes.filter((route) => !tested.includes(route))).toEqual([]);
  });
});

describe('not signed in', () => {
  it.each(ROUTES.filter(({ isPublic }) => !isPublic))(
    '$route: 401, before anything else is looked at',
    async (route) => {
      expectProblem(await ask(api.nobody, route, '{broken'), 'not_signed_in');
      expectProblem(await ask(api.withToken('x.y.z'), route), 'not_signed_in');
      expectProblem(await ask(api.nobody, route, undefined, { id: newDocumentId() }), 'not_signed_in');
    },
  );
});

describe('someone else’s documents', () => {
  it.each(about)('$route: 403, nothing of it told, whatever the body', async (route) => {
    for (const body of [route.body, '{broken', '']) {
      const answer = await ask(stranger, route, body);
      expectProblem(answer, 'no_access');
      expect(answer.text).not.toMatch(/Secret|Olga|text\b/);
    }
  });

  it.each(about.filter(({ refused }) => refused))('$route: 403 for $refused', async (route) => {
    for (const role of route.refused ?? []) {
      expectProblem(await ask(role === 'viewer' ? viewer : editor, route, route.body), 'not_allowed');
    }
  });
});

describe('unknown ids', () => {
  const unknown = [
    newDocumentId(),
    '0',
    'x'.repeat(5_000),
    '%00',
    '%ff',
    '%27%3B%20drop%20table%20documents',
    '..%2Fx',
  ];
  it.each(about)('$route: 404', async (route) => {
    for (const name of unknown) {
      expectProblem(await ask(owner, route, route.body, { id: name }), 'document_not_found');
    }
  });

  it.each(['/nowhere', '/documents/x/y/z', '/auth', '/documents/'])('GET %s: 404', async (path) => {
    expectProblem(await owner.get(path), 'not_found');
  });

  it('a method that a route does not have: 404', async () => {
    expectProblem(await owner.put('/auth/me', {}), 'not_found');
    expectProblem(await owner.request('DELETE', '/documents'), 'not_found');
  });
});

describe('bad JSON', () => {
  it.each(withJson)('$route: 400', async (route) => {
    const bodies = ['{', '{"a":1}x', 'undefined', "{'a':1}", '\u{0}', Uint8Array.of(0x22, 0xff, 0x22)];
    for (const body of bodies) {
      expectProblem(await ask(allowed(route), route, body), 'bad_json');
    }
  });

  it.each(withJson)('$route: 422 for JSON that is no object', async (route) => {
    for (const body of ['null', '[]', '1', '"text"', 'true', '['.repeat(10_000) + ']'.repeat(10_000)]) {
      const { errors } = expectProblem(await ask(allowed(route), route, body), 'invalid');
      expect(errors).toEqual([{ path: '', message: expect.any(String) }]);
    }
  });
});

describe('wrong types', () => {
  const wrong: readonly unknown[] = [null, 1, true, [], {}, ['x'], '\u{0}', '\u{D800}'];
  const fields = withJson.flatMap((route) => Object.keys(route.body ?? {}).map((field) => ({ ...route, field })));

  it.each(fields)('$route: 422 that names $field', async (route) => {
    for (const value of wrong) {
      // A password may be any text.
      if (route.field === 'password' && typeof value === 'string' && route.route === 'POST /auth/login') continue;
      const body = { ...route.body, [route.field]: value };
      const { errors } = expectProblem(await ask(allowed(route), route, body), 'invalid');
      expect(errors?.map(({ path }) => path)).toContain(route.field);
    }
  });

  it.each([
    ['POST', '/auth/register', {}, ['email', 'password', 'name']],
    ['POST', '/auth/register', { email: 'no address', password: 'short', name: '  ' }, ['email', 'password', 'name']],
    ['POST', '/auth/register', { email: `${'x'.repeat(250)}@example.com`, password: PASSWORD, name: 'X' }, ['email']],
    [
      'POST',
      '/auth/register',
      { email: 'x@example.com', password: 'x'.repeat(201), name: 'x'.repeat(81) },
      ['password', 'name'],
    ],
    ['POST', '/auth/login', {}, ['email', 'password']],
    ['POST', '/documents', { title: '', language: 'C Sharp', content: 1 }, ['title', 'language', 'content']],
    ['POST', '/documents', { title: 'x'.repeat(201) }, ['title']],
    ['POST', '/documents', { content: 'half \u{D83D} a pair' }, ['content']],
    ['PATCH', '', {}, ['']],
    ['PATCH', '', { title: '   ' }, ['title']],
    ['PATCH', '', { role: 'owner', deletedAt: null }, ['']],
    ['PUT', '/members', {}, ['email', 'role']],
    ['PUT', '/members', { email: 'x', role: 'admin' }, ['email', 'role']],
    ['PATCH', `/members/${somebody}`, { role: 'OWNER' }, ['role']],
  ])('%s %s %j: 422 that names %j', async (method, path, body, names) => {
    const route = /^\/(auth|documents)/.test(path) ? path : `${document}${path}`;
    const { errors } = expectProblem(await owner.request(method, route, body), 'invalid');
    expect(errors?.map((error) => error.path)).toEqual(names);
  });
});

describe('huge bodies', () => {
  it.each(withJson.filter(({ route }) => route !== 'POST /documents'))('$route: 413 beyond 1 MB', async (route) => {
    const huge = JSON.stringify({ ...route.body, more: 'x'.repeat(1024 * 1024) });
    expectProblem(await ask(allowed(route), route, huge), 'too_large');
    // Said before it is sent.
    const headers = { 'content-length': String(2 ** 31) };
    expectProblem(await ask(allowed(route), route, '{}', { headers }), 'too_large');
  });

  it('POST /documents and PUT content: 413 beyond what a document holds', async () => {
    const huge = 'x'.repeat(32 * 1024 * 1024);
    expectProblem(await owner.post('/documents', { content: huge }), 'too_large');
    expectProblem(await owner.put(`${document}/content`, huge), 'too_large');
  });
});

describe('after all of this', () => {
  it('nothing was changed, and nothing was a defect', async () => {
    expect(await owner.get(document)).toMatchObject({ status: 200, body: { title: 'Secret plan' } });
    expect((await owner.get(`${document}/content`)).text).toBe('text');
    expect(await owner.get(`${document}/members`)).toMatchObject({ body: { items: [{}, {}, {}] } });
    expect(await owner.get('/documents')).toMatchObject({ body: { items: [{ title: 'Secret plan' }] } });
    expect(api.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
