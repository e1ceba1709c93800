// Ends an HTTP server: no new connections, time for the requests under way, then nobody is left connected.
import type { Clock } from '@codesync/storage';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Milliseconds for requests under way. */
const GRACE = 5000;

/** Call before the server has connections. Upgraded ones are no longer the HTTP server's, which would wait for them for ever. */
export function createHttpCloser(server: Server, clock: Clock): () => Promise<void> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    const cancel = clock.after(GRACE, () => {
      for (const socket of open) socket.destroy();
    });
    await closed;
    cancel();
  };
}
