// The far end of a document's socket, played by the test: it sees each connection attempt and answers as it likes.
import type { Cancel } from '../clock.ts';
import type { Wire, WireEvents } from '../socket.ts';

export interface FakeConnection {
  readonly events: WireEvents;
  readonly sent: Uint8Array[];
  /** Bytes that have not left; a test sets it. */
  buffered: number;
  isClosed: boolean;
}

export interface FakeNetwork {
  readonly connections: FakeConnection[];
  /** The newest attempt. */
  last(): FakeConnection;
  readonly connect: (events: WireEvents) => Wire;
  readonly onWake: (call: () => void) => Cancel;
  wake(): void;
}

export function createFakeNetwork(): FakeNetwork {
  const connections: FakeConnection[] = [];
  const wakers = new Set<() => void>();
  return {
    connections,
    last() {
      const connection = connections.at(-1);
      if (connection === undefined) throw new Error('Nothing has connected.');
      return connection;
    },
    connect(events) {
      const connection: FakeConnection = { events, sent: [], buffered: 0, isClosed: false };
      connections.push(connection);
      return {
        send: (frame) => {
          connection.sent.push(frame);
          connection.buffered += frame.length;
        },
        buffered: () => connection.buffered,
        close: () => {
          connection.isClosed = true;
        },
      };
    },
    onWake(call) {
      wakers.add(call);
      return () => wakers.delete(call);
    },
    wake() {
      for (const call of wakers) call();
    },
  };
}
