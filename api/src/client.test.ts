import type { DocumentId, DocumentListResponse, DocumentResponse, SessionResponse } from '@codesync/contract';
import { expect, expectTypeOf, it } from 'vitest';
import { createApiClient, type ApiClient } from './client.ts';
import { openTestApi, OPENING, PASSWORD } from './testing/test-api.ts';

type Answer<Call extends (...input: never[]) => Promise<{ json(): Promise<unknown> }>> = Awaited<
  ReturnType<Awaited<ReturnType<Call>>['json']>
>;

it('the client knows what every route takes and answers', () => {
  type Documents = ApiClient['documents'];
  expectTypeOf<Answer<ApiClient['auth']['register']['$post']>>().toEqualTypeOf<SessionResponse>();
  expectTypeOf<Answer<Documents['$get']>>().toEqualTypeOf<DocumentListResponse>();
  expectTypeOf<Answer<Documents[':id']['$get']>>().toEqualTypeOf<DocumentResponse>();
  expectTypeOf<Answer<Documents[':id']['$get']>['id']>().toEqualTypeOf<DocumentId>();
  expectTypeOf<Parameters<Documents[':id']['$patch']>[0]>().toExtend<{ json: { title?: string | undefined } }>();
  expectTypeOf<Parameters<Documents[':id']['members']['$put']>[0]['json']['role']>().toEqualTypeOf<
    'viewer' | 'editor' | 'owner'
  >();
});

it(
  'the client reaches the routes that its types name',
  async () => {
    const api = await openTestApi();
    try {
      const fetch = async (...input: Parameters<typeof globalThis.fetch>) => api.app.request(...input);
      const guest = createApiClient('http://localhost:3000', { fetch });
      const signedUp = await guest.auth.register.$post({
        json: { email: 'ada@example.com', password: PASSWORD, name: 'Ada' },
      });
      const { token } = await signedUp.json();
      const client = createApiClient('http://localhost:3000', { fetch, headers: { authorization: `Bearer ${token}` } });
      const { id } = await (await client.documents.$post({ json: { title: 'Typed' } })).json();
      const body = { headers: { 'content-type': 'text/plain' }, init: { body: 'one\n' } };
      expect((await client.documents[':id'].content.$put({ param: { id } }, body)).status).toBe(204);
      expect(await (await client.documents[':id'].content.$get({ param: { id } })).text()).toBe('one\n');
      const { items } = await (await client.documents.$get({ query: { q: 'typed', limit: 5 } })).json();
      expect(items.map((item) => item.id)).toEqual([id]);
    } finally {
      await api.close();
    }
  },
  OPENING,
);
