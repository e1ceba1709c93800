// The whole app on an address of its own, over answers that a test writes down: what the pages do with them is what is shown.
import { createApiClient } from '@codesync/api/client';
import { FAILURES, type FailureCode, type FieldError, newUserId, type User } from '@codesync/contract';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import { createQueryClient } from '../../api/query-client.ts';
import { App } from '../app.tsx';
import '../../ui/tokens.css';
import '../../ui/base.css';

/** `GET /api/auth/me` -> what is answered. A request that has no entry fails the test that made it. */
export type Answers = Readonly<Record<string, (request: Request) => Response | Promise<Response>>>;

export interface RenderedApp {
  /** Path and query, oldest first. */
  readonly visited: readonly string[];
  /** `METHOD path` of each request, with its JSON body. */
  readonly requests: { readonly line: string; readonly search: string; readonly body: unknown }[];
  stop(): void;
}

export const ANA: User = { id: newUserId(), email: 'ana@example.com', name: 'Ana' };

export const signedInAs = (user: User): Answers => ({ 'GET /api/auth/me': () => Response.json({ user }) });
export const signedOut: Answers = { 'GET /api/auth/me': () => problem('not_signed_in') };

export function problem(code: FailureCode, errors?: readonly FieldError[]): Response {
  const { status, title } = FAILURES[code];
  return Response.json({ type: 'about:blank', title, status, code, errors }, { status });
}

export function renderApp(path: string, answers: Answers): RenderedApp {
  const place = memoryLocation({ path, record: true });
  const requests: RenderedApp['requests'] = [];

  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const line = `${request.method} ${pathname}`;
    const text = await request.clone().text();
    requests.push({ line, search, body: text === '' ? undefined : (JSON.parse(text) as unknown) });
    const answer = answers[line];
    if (answer === undefined) throw new Error(`The test has no answer to ${line}`);
    return answer(request);
  };

  const container = document.body.appendChild(document.createElement('div'));
  const root = createRoot(container);
  root.render(
    <Router hook={place.hook} searchHook={place.searchHook}>
      <App api={createApiClient(location.origin, { fetch })} queries={createQueryClient()} />
    </Router>,
  );
  return {
    visited: place.history,
    requests,
    stop() {
      root.unmount();
      container.remove();
    },
  };
}
