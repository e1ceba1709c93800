// Binds a server to its address; what stands in the way is told in one line.
import { once } from 'node:events';
import type { Server } from 'node:net';
import { errnoOf, StartFailure } from './start-failure.ts';

/** Resolves to the port, which is a free one when `port` is 0. Throws StartFailure when the address can't be had. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw new StartFailure(refusal(errnoOf(cause), port, host), { cause });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** As who is on the network writes it. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function refusal(errno: string | undefined, port: number, host: string): string {
  switch (errno) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is in use. PORT names another one.`;
    case 'EACCES':
      return `Port ${port} on ${host} is not allowed to this user. PORT names another one.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST ${host} is no address of this machine, to listen at port ${port}.`;
    case undefined:
    default:
      return `Port ${port} on ${host} can't be listened at (${errno ?? 'unknown error'}).`;
  }
}
