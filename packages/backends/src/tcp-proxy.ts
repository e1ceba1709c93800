// A stable port in front of a target that can change, for breaking the connections that go through it.
import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { LOOPBACK, type Address } from './address.ts';

/** Chooses connections by the first bytes that the client sent, 4 kB at most. */
export type Which = (sent: Buffer) => boolean;

export interface TcpProxy extends Address {
  /** Where new connections go. */
  target: Address;
  /** Open ones. */
  readonly connections: number;
  /** Resets open connections: all, or those that match. */
  drop(which?: Which): void;
  /**
   * From now on nothing flows any more through the connections that match, those that are open and those that come, until
   * `flow`: no error, no end, silence. A connection is looked at again with everything its client sends, before that goes on.
   */
  stall(which?: Which): void;
  /** Everything flows again, also what was held back. */
  flow(): void;
  /** While true, new connections are reset. */
  refuse(refused: boolean): void;
  /** Resets what is open and frees the port. Twice is harmless. */
  stop(): Promise<void>;
}

/** How much of what a client sent is kept to choose connections by, in bytes. */
const SENT_KEPT = 4_096;

interface Connection {
  sent: Buffer;
  /** Nothing flows. */
  stalled: boolean;
  readonly client: Socket;
  readonly server: Socket;
  /** What the client sent that was not passed on before the stall. */
  held: Buffer[];
}

export async function startTcpProxy(target: Address): Promise<TcpProxy> {
  const connections = new Set<Connection>();
  let stalling: Which | undefined;
  let refusing = false;

  const listener = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => {});
    if (refusing) {
      client.resetAndDestroy();
      return;
    }
    const { host, port } = proxy.target;
    const server = createConnection({ host, port, allowHalfOpen: true });
    const connection: Connection = { sent: Buffer.alloc(0), stalled: false, client, server, held: [] };
    connections.add(connection);
    server.on('error', () => {});
    carry(client, server, connection);
    carry(server, client, connection);
    client.on('close', (hadError) => follow(connection, server, hadError));
    server.on('close', (hadError) => follow(connection, client, hadError));
    consider(connection);
  });

  function carry(from: Socket, to: Socket, connection: Connection): void {
    from.on('data', (chunk: Buffer) => {
      if (from === connection.client) {
        const room = SENT_KEPT - connection.sent.length;
        if (room > 0) connection.sent = Buffer.concat([connection.sent, chunk.subarray(0, room)]);
        consider(connection);
        if (connection.stalled) {
          connection.held.push(chunk);
          return;
        }
      }
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => {
      if (!connection.stalled) from.resume();
    });
    from.on('end', () => to.end());
  }

  /** One side has closed: what it said before still reaches the other, unless it broke. */
  function follow(connection: Connection, other: Socket, broke: boolean): void {
    connections.delete(connection);
    if (broke) other.resetAndDestroy();
    else other.destroySoon();
  }

  function reset(connection: Connection): void {
    connections.delete(connection);
    connection.client.resetAndDestroy();
    connection.server.resetAndDestroy();
  }

  /** Stalls it if it matches. */
  function consider(connection: Connection): void {
    if (connection.stalled || stalling?.(connection.sent) !== true) return;
    connection.stalled = true;
    connection.client.pause();
    connection.server.pause();
  }

  listener.listen(0, LOOPBACK);
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');

  const proxy: TcpProxy = {
    host: LOOPBACK,
    port: address.port,
    target,
    get connections() {
      return connections.size;
    },
    drop(which = () => true) {
      for (const connection of connections) if (which(connection.sent)) reset(connection);
    },
    stall(which = () => true) {
      stalling = which;
      for (const connection of connections) consider(connection);
    },
    flow() {
      stalling = undefined;
      for (const connection of connections) {
        if (!connection.stalled) continue;
        connection.stalled = false;
        for (const chunk of connection.held.splice(0)) connection.server.write(chunk);
        connection.client.resume();
        connection.server.resume();
      }
    },
    refuse(refused) {
      refusing = refused;
    },
    async stop() {
      if (!listener.listening) return;
      const closed = once(listener, 'close');
      listener.close();
      for (const connection of connections) reset(connection);
      await closed;
    },
  };
  return proxy;
}
