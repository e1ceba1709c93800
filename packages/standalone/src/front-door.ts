// The one port: which part answers which request and which upgrade.
import { Failure, type Problem, FAILURES } from '@codesync/contract';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from './web-files.ts';

export interface Parts {
  readonly api: RequestHandler;
  readonly socket: {
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
    /** Rejects with the failing part, or while draining. */
    ready(): Promise<void>;
  };
  readonly web: RequestHandler;
}

const pathOf = (request: IncomingMessage) => (request.url ?? '/').split('?', 1)[0] ?? '/';
const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

export function answerRequest(parts: Parts, request: IncomingMessage, response: ServerResponse): void {
  const path = pathOf(request);
  if (isBelow(path, '/api')) parts.api(request, response);
  else if (isBelow(path, '/socket')) void answerSocketPath(parts, path, response);
  else parts.web(request, response);
}

export function answerUpgrade(parts: Parts, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  if (pathOf(request).startsWith('/socket/')) parts.socket.upgrade(request, socket, head);
  else socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
}

/** Health and readiness of the socket half, in the API's own words; a document's path without an upgrade is nothing. */
async function answerSocketPath(parts: Parts, path: string, response: ServerResponse): Promise<void> {
  switch (path) {
    case '/socket/health':
      return answer(response, 200, { status: 'ok' });
    case '/socket/ready':
      return parts.socket.ready().then(
        () => answer(response, 200, { status: 'ready' }),
        (reason: unknown) =>
          refuse(response, 'unavailable', reason instanceof Failure ? reason.message : String(reason)),
      );
    default:
      return refuse(response, 'not_found');
  }
}

function refuse(response: ServerResponse, code: Problem['code'], detail?: string): void {
  const { status, title } = FAILURES[code];
  const problem: Problem = { type: 'about:blank', title, status, code, ...(detail === undefined ? {} : { detail }) };
  answer(response, status, problem, 'application/problem+json');
}

function answer(response: ServerResponse, status: number, body: object, type = 'application/json'): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(JSON.stringify(body));
}
