// Joins a socket that asks for an upgrade with a task: byte for byte, both ways.
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Balancer } from './balancer.ts';
import { upgradeHeaders } from './forwarded-headers.ts';
import type { TaskProcess } from './task-process.ts';

/** With the first of the tasks that takes the connection. From then on it is that task's, and its answer or its end tells who asked. */
export function joinSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  balancer: Pick<Balancer, 'suspect'>,
  tasks: readonly TaskProcess[],
): void {
  const [task, ...others] = tasks;
  if (task === undefined) {
    socket.end('HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    return;
  }
  const { hostname, port } = new URL(task.url);
  const upstream = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
  const leave = () => upstream.destroy();
  const next = () => {
    socket.off('error', leave).off('close', leave);
    balancer.suspect(task);
    joinSocket(request, socket, head, balancer, others);
  };
  socket.once('error', leave).once('close', leave);
  upstream.once('error', next);
  upstream.once('connect', () => {
    upstream.off('error', next);
    upstream.write(headOf(request), 'latin1');
    upstream.write(head);
    tie(socket, upstream);
  });
}

function headOf(request: IncomingMessage): string {
  const headers = upgradeHeaders(request);
  let text = `${request.method} ${request.url} HTTP/1.1\r\n`;
  for (let index = 0; index < headers.length; index += 2) text += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return `${text}\r\n`;
}

/** Each gets what the other sends, as fast as it takes it, and ends as the other does. */
function tie(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.pipe(to);
    from.once('error', () => to.destroy());
    // After an end in good order what was read may still be on its way out.
    from.once('close', () => to.end(() => to.destroy()));
  }
}
