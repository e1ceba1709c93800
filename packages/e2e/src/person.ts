// Somebody with an account, and what they do over HTTP.
import type { DocumentResponse, MemberResponse, Role, SessionResponse } from '@codesync/contract';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
  request(method: string, path: string, body?: unknown): Promise<Response>;
  createDocument(input?: { title?: string; language?: string; content?: string }): Promise<DocumentResponse>;
  share(document: string, email: string, role: Role): Promise<MemberResponse>;
  content(document: string): Promise<string>;
}

const PASSWORD = 'correct horse battery staple';

/** Registers with an address that nobody else has. */
export async function register(url: string, name: string): Promise<Person> {
  const email = `${name.toLowerCase().replaceAll(' ', '.')}-${crypto.randomUUID()}@example.com`;
  const response = await fetch(`${url}/api/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD, name }),
  });
  const { user, token } = await answer<SessionResponse>(response, 201);

  const request = (method: string, path: string, body?: unknown) =>
    fetch(`${url}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  return {
    id: user.id,
    name,
    email,
    password: PASSWORD,
    token,
    request,
    createDocument: async (input = {}) => answer(await request('POST', '/documents', input), 201),
    share: async (document, to, role) =>
      answer(await request('PUT', `/documents/${document}/members`, { email: to, role }), 200),
    async content(document) {
      const response = await request('GET', `/documents/${document}/content`);
      if (response.status !== 200) throw new Error(`content: ${response.status} ${await response.text()}`);
      return response.text();
    },
  };
}

async function answer<T>(response: Response, status: number): Promise<T> {
  if (response.status !== status) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
