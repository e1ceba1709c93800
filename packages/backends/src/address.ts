// Where a server listens: this machine's loopback, on a port that was free.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export const LOOPBACK = '127.0.0.1';

/** Below what systems give to outgoing connections: one of those could take a server's port while it is down for a restart. */
const PORTS = { from: 10_000, to: 32_000 } as const;

/** More than that many taken ones in a row mean something else is wrong. */
const ATTEMPTS = 100;

/** Nobody listens there now. Another may before you do: servers of this package are then started on another one. */
export async function freePort(): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = randomInt(PORTS.from, PORTS.to);
    try {
      await bind(port);
      return port;
    } catch (error) {
      if (attempt === ATTEMPTS || !isAddressInUse(error)) throw error;
    }
  }
}

async function bind(port: number): Promise<void> {
  const server = createServer().listen(port, LOOPBACK);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}

/** Starts on a free port, and on another one when it was taken meanwhile; a port that was asked for is tried alone. */
export async function onFreePort<T>(
  asked: number | undefined,
  start: (port: number) => Promise<T>,
  isTaken: (error: unknown) => boolean,
): Promise<T> {
  if (asked !== undefined) return start(asked);
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === ATTEMPTS || !isTaken(error)) throw error;
    }
  }
}

export function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
