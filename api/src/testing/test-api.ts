// The API over a real database in memory and memory ports, asked through its front door.
import {
  SESSION_COOKIE,
  type DocumentId,
  type DocumentResponse,
  type SessionResponse,
  type User,
} from '@codesync/contract';
import { createDocumentAccess, createSessionStore, createSnapshotCommits } from '@codesync/database';
import { openTestDatabase } from '@codesync/database/testing';
import { createTokens } from '@codesync/runtime';
import { createSnapshotStore, type Logger, type Notice } from '@codesync/storage';
import {
  createFakeClock,
  createMemoryLeases,
  createMemoryNotices,
  createMemoryObjectStore,
  createMemoryUpdateLog,
} from '@codesync/storage/memory';
import { createApi } from '../app.ts';
import type { ApiDeps } from '../deps.ts';

/** What came back, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of a JSON body; undefined for others. */
  readonly body: unknown;
}

/** Makes requests as somebody. Bodies that are neither strings nor bytes are sent as JSON. */
export interface Caller {
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body?: unknown): Promise<Answer>;
  delete(path: string): Promise<Answer>;
}

export interface Person extends Caller {
  readonly user: User;
  readonly token: string;
  readonly email: string;
  /** Creates a document; fails the test when that does not work. */
  creates(body?: { title?: string; language?: string; content?: string }): Promise<DocumentResponse>;
  /** Gives somebody a role in a document of this person's. */
  shares(document: DocumentId, person: Person, role: string): Promise<void>;
}

/** Milliseconds that `openTestApi` may take on a machine that is busy: a database is made. */
export const OPENING = 60_000;

export const PASSWORD = 'correct horse battery';

export type TestApi = Awaited<ReturnType<typeof openTestApi>>;

export async function openTestApi(options: { publicUrl?: string } = {}) {
  const database = await openTestDatabase();
  const clock = createFakeClock();
  const log = createMemoryUpdateLog();
  const objects = createMemoryObjectStore();
  const snapshots = createSnapshotStore({ objects, commits: createSnapshotCommits(database.db), clock });
  const notices = createMemoryNotices();
  const leases = createMemoryLeases({ clock });
  const tokens = createTokens(['a secret of the tests'], clock);
  const heard: Notice[] = [];
  const lines: { readonly level: keyof Logger; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  const down: Error[] = [];
  const write = (level: keyof Logger) => (fields: Readonly<Record<string, unknown>>) =>
    void lines.push({ level, fields });
  const publicUrl = options.publicUrl ?? 'http://localhost:3000';

  notices.subscribe((notice) => void heard.push(notice));
  const deps: ApiDeps = {
    database: database.db,
    log,
    snapshots,
    sessions: createSessionStore(database.db),
    notices,
    leases,
    access: createDocumentAccess(database.db),
    tokens,
    clock,
    logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    async check() {
      for (const reason of down) throw reason;
    },
  };
  const app = createApi(deps, { publicUrl, isAllowedOrigin: (origin) => origin === publicUrl });

  /** Whoever these headers stand for. */
  function caller(identity: Record<string, string>): Caller {
    async function request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const isRaw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
      const init: RequestInit = { method, headers: { ...identity, ...headers } };
      if (body !== undefined) init.body = isRaw ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body);
      return read(await app.request(`/api${path}`, init));
    }
    return {
      request,
      get: (path) => request('GET', path),
      post: (path, body) => request('POST', path, body),
      put: (path, body, headers) => request('PUT', path, body, headers),
      patch: (path, body) => request('PATCH', path, body),
      delete: (path) => request('DELETE', path),
    };
  }

  const nobody = caller({});
  let people = 0;

  /** Registers somebody; the e-mail address is the name's unless the name was there already. */
  async function person(name: string): Promise<Person> {
    people += 1;
    const email = `${name.toLowerCase()}.${people}@example.com`;
    const answer = await nobody.post('/auth/register', { email, password: PASSWORD, name });
    const { user, token } = expectStatus(answer, 201).body as SessionResponse;
    const me = caller({ authorization: `Bearer ${token}` });
    return {
      ...me,
      user,
      token,
      email,
      creates: async (body = {}) => expectStatus(await me.post('/documents', body), 201).body as DocumentResponse,
      async shares(document, other, role) {
        expectStatus(await me.put(`/documents/${document}/members`, { email: other.email, role }), 200);
      },
    };
  }

  /** An owner, an editor, a viewer and a stranger to be; none of them has a document yet. */
  async function cast(): Promise<[owner: Person, editor: Person, viewer: Person, stranger: Person]> {
    return Promise.all([person('Olga'), person('Ed'), person('Vi'), person('Sid')]);
  }

  return {
    app,
    ...deps,
    log,
    objects,
    clock,
    database,
    /** Every notice since the start or the last `reset`. */
    heard,
    /** Everything logged since then. */
    lines,
    nobody,
    person,
    cast,
    /** With the cookie in place of the header. */
    byCookie: (who: Person, headers: Record<string, string> = {}) =>
      caller({ cookie: `${SESSION_COOKIE}=${who.token}`, ...headers }),
    withToken: (token: string) => caller({ authorization: `Bearer ${token}` }),
    /** `check` rejects with this until `reset`. */
    fail: (reason: Error) => void down.push(reason),
    async reset() {
      heard.length = 0;
      lines.length = 0;
      down.length = 0;
      log.heal();
      objects.heal();
      await database.empty();
    },
    close: () => database.close(),
  };
}

async function read(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const text = await response.text();
  const isJson = /^application\/(problem\+)?json/.test(headers.get('content-type') ?? '');
  return { status, headers, text, body: isJson ? JSON.parse(text) : undefined };
}

function expectStatus(answer: Answer, status: number): Answer {
  if (answer.status !== status) throw new Error(`expected ${status}, got ${answer.status}: ${answer.text}`);
  return answer;
}
