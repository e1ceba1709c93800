// Passes a request on to a task and its answer back. Who does not take it is left out, and nothing is done twice.
import { FAILURES, type Problem } from '@codesync/contract';
import { request as sendRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Balancer } from './balancer.ts';
import { requestHeaders, responseHeaders } from './forwarded-headers.ts';
import type { TaskProcess } from './task-process.ts';

/** Milliseconds without a byte from the task before the request is given up, as load balancers do. */
const IDLE = 60_000;

/** To the first of the tasks; to the next one when that takes no connection, or breaks off a request that may be repeated. */
export function passRequest(
  request: IncomingMessage,
  response: ServerResponse,
  balancer: Pick<Balancer, 'suspect'>,
  tasks: readonly TaskProcess[],
): void {
  const [task, ...others] = tasks;
  if (task === undefined) {
    refuse(response);
    return;
  }
  const { hostname, port } = new URL(task.url);
  const sent = sendRequest({
    host: hostname,
    port,
    path: request.url,
    method: request.method,
    headers: requestHeaders(request),
    // A connection for each: one that was kept may be closed by the task in the moment in which it is used.
    agent: false,
    timeout: IDLE,
  });

  let connected = false;
  sent.once('socket', (socket) =>
    socket.once('connect', () => {
      connected = true;
      request.pipe(sent);
    }),
  );
  sent.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, responseHeaders(answer));
    answer.pipe(response);
    answer.once('close', () => {
      if (!answer.complete) response.destroy();
    });
  });
  sent.once('timeout', () => sent.destroy(new Error('the task does not answer')));
  sent.once('error', () => {
    // Who asked has gone, and has ended this request with it.
    if (response.destroyed) return;
    balancer.suspect(task);
    if (response.headersSent) response.destroy();
    else if (!connected || isRepeatable(request)) passRequest(request, response, balancer, others);
    else refuse(response);
  });
  response.once('close', () => sent.destroy());
}

/** Asking twice does nothing twice, and there is no body that the first task has read. */
function isRepeatable({ method, headers }: IncomingMessage): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return (method === 'GET' || method === 'HEAD') && !hasBody;
}

/** As a load balancer without a target, in the API's words. */
function refuse(response: ServerResponse): void {
  const { status, title } = FAILURES.unavailable;
  const problem: Problem = { type: 'about:blank', title, status, code: 'unavailable' };
  response.writeHead(status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(problem));
}
