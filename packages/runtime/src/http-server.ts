// An HTTP server that can stand behind a load balancer, and whose end leaves nobody connected.
import type { Clock } from '@codesync/storage';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';

export interface HttpServer {
  /** Listens to nothing and answers nothing yet. */
  readonly server: Server;
  /** No new connections, time for the requests under way, then nobody is left connected. Twice is harmless. */
  close(): Promise<void>;
}

/** Milliseconds that a kept connection may be idle: longer than at the load balancer (120 s), or it sends requests into closed ones. */
const KEEP_ALIVE = 125_000;

/** Milliseconds for requests under way at the end. */
const GRACE = 5000;

export function createHttpServer(clock: Clock): HttpServer {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE });
  // Upgraded connections are no longer the HTTP server's, which would wait for them for ever.
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    server,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      const cancel = clock.after(GRACE, () => {
        for (const socket of open) socket.destroy();
      });
      await closed;
      cancel();
    },
  };
}
