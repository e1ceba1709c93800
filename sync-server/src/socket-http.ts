// What /socket answers to plain HTTP: health and readiness in the API's own words. A document's path without an upgrade is nothing.
import { Failure, FAILURES, type Problem } from '@codesync/contract';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { SyncServer } from './sync-server.ts';

export const pathOf = (request: IncomingMessage) => (request.url ?? '/').split('?', 1)[0] ?? '/';

export async function answerSocketRequest(
  sync: Pick<SyncServer, 'ready'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  switch (pathOf(request)) {
    case '/socket/health':
      return answer(response, 200, { status: 'ok' });
    case '/socket/ready':
      return sync.ready().then(
        () => answer(response, 200, { status: 'ready' }),
        (reason: unknown) =>
          refuse(response, 'unavailable', reason instanceof Failure ? reason.message : String(reason)),
      );
    default:
      return refuse(response, 'not_found');
  }
}

/** An upgrade anywhere but below /socket/ is a 404 and a closed connection. */
export function answerSocketUpgrade(
  sync: Pick<SyncServer, 'upgrade'>,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  if (pathOf(request).startsWith('/socket/')) sync.upgrade(request, socket, head);
  else socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
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
