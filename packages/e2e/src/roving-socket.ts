// A client's sockets that go to another server at each connection, as through a front that knows no stickiness.
import { WebSocket } from 'ws';
import type { SocketConstructor } from './stock-client.ts';

/** `next` names the server of each new connection: http://host:port. The path and the query stay the client's. */
export function createRovingSocket(next: () => string): SocketConstructor {
  return class RovingSocket extends WebSocket {
    constructor(address: string) {
      const { pathname, search } = new URL(address);
      super(`${next().replace('http', 'ws')}${pathname}${search}`);
    }
  };
}
