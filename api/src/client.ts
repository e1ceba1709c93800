// The typed client for browsers and scripts. Of the API it takes types alone, so none of the server is bundled.
import { hc, type ClientRequestOptions } from 'hono/client';
import type { createApi } from './app.ts';

export type ApiRoutes = ReturnType<typeof createApi>;
export type ApiClient = ReturnType<typeof hc<ApiRoutes>>['api'];

/**
 * `baseUrl` is the server's, without /api; '' or '/' in a page means its own origin. Answers are `Response`s: `ok` tells, and
 * anything else than a 2xx has a `Problem` as its JSON. A text is put with
 * `client.documents[':id'].content.$put({ param: { id } }, { headers: { 'content-type': 'text/plain' }, init: { body: text } })`.
 */
export function createApiClient(baseUrl: string, options?: ClientRequestOptions): ApiClient {
  return hc<ApiRoutes>(baseUrl, options).api;
}
