// Somebody with an account, over HTTP alone.

export interface Person {
  readonly token: string;
  /** Answers its id. */
  createDocument(content: string): Promise<string>;
  /** At the front, or at the task with this address. */
  read(document: string, at?: string): Promise<string>;
  write(document: string, content: string, at?: string): Promise<void>;
}

export async function register(url: string): Promise<Person> {
  const body = { email: `ana-${crypto.randomUUID()}@example.com`, password: 'correct horse', name: 'Ana' };
  const { token } = await answer<{ token: string }>(
    await fetch(`${url}/api/auth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
  return signedIn(url, token);
}

/** With a token from before. */
export function signedIn(url: string, token: string): Person {
  const authorization = `Bearer ${token}`;
  const contentOf = (at: string, document: string) => `${at}/api/documents/${document}/content`;
  return {
    token,
    async createDocument(content) {
      const response = await fetch(`${url}/api/documents`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ content }),
      });
      return (await answer<{ id: string }>(response)).id;
    },
    async read(document, at = url) {
      const response = await fetch(contentOf(at, document), { headers: { authorization } });
      return response.ok ? response.text() : `${response.status} ${await response.text()}`;
    },
    async write(document, content, at = url) {
      const response = await fetch(contentOf(at, document), {
        method: 'PUT',
        headers: { authorization, 'content-type': 'text/plain' },
        body: content,
      });
      if (!response.ok) throw new Error(`PUT: ${response.status} ${await response.text()}`);
    },
  };
}

async function answer<T>(response: Response): Promise<T> {
  if (response.status !== 201) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
