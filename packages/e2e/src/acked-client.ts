// A stock client that also asks for acknowledgements, and knows which of its edits the server has called logged and durable (R1).
import { CODESYNC_PARAMETER, MESSAGE, SYNC } from '@codesync/contract';
import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { connectStockClient, type SocketConstructor, type StockClient } from './stock-client.ts';

export type AckLevel = 'logged' | 'durable';

export interface AckedClient extends StockClient {
  /** This client's clock up to which everything it typed was acknowledged, over all of its connections. */
  acked(level: AckLevel): number;
  /** What it sent and was acknowledged, deletions included, over all of its connections; put together to a few updates. */
  ackedUpdates(level: AckLevel): readonly Uint8Array[];
}

export interface AckedClientOptions {
  readonly url: string;
  readonly document: string;
  readonly token: string;
  /** What its sockets are made of. */
  readonly WebSocket?: SocketConstructor;
}

const KEPT_APART = 20;

/** An update frame of the present connection. */
interface Sent {
  readonly update: Uint8Array;
  /** The document's own clock when it was sent. */
  readonly clock: number;
}

export function connectAckedClient({ WebSocket: Socket = WebSocket, ...options }: AckedClientOptions): AckedClient {
  const clocks = { logged: 0, durable: 0 };
  const updates: Record<AckLevel, Uint8Array[]> = { logged: [], durable: [] };
  let sent: Sent[] = [];
  /** How many of them are acknowledged. */
  let counts = { logged: 0, durable: 0 };
  let ownClock = () => 0;

  class CountingWebSocket extends Socket {
    constructor(address: string) {
      super(address);
      sent = [];
      counts = { logged: 0, durable: 0 };
    }

    override send(data: Uint8Array): void {
      if (data[0] === MESSAGE.sync && (data[1] === SYNC.step2 || data[1] === SYNC.update)) {
        sent.push({ update: decoding.readVarUint8Array(decoding.createDecoder(data.subarray(2))), clock: ownClock() });
      }
      super.send(data);
    }
  }

  const client = connectStockClient({
    ...options,
    params: { [CODESYNC_PARAMETER]: '1' },
    WebSocket: CountingWebSocket,
  });
  ownClock = () => Y.getState(client.doc.store, client.doc.clientID);

  const onAck = (level: AckLevel) => (_encoder: unknown, decoder: decoding.Decoder) => {
    const count = decoding.readVarUint(decoder);
    for (const { update, clock } of sent.slice(counts[level], count)) {
      updates[level].push(update);
      clocks[level] = Math.max(clocks[level], clock);
    }
    counts[level] = Math.max(counts[level], count);
    // Merging many at once takes Yjs a time that grows with their square.
    if (updates[level].length >= KEPT_APART) updates[level] = [Y.mergeUpdates(updates[level])];
  };
  const ignore = () => {};
  const handlers = client.provider.messageHandlers;
  handlers[MESSAGE.logged] = onAck('logged');
  handlers[MESSAGE.durable] = onAck('durable');
  for (const other of [MESSAGE.role, MESSAGE.generation, MESSAGE.ping]) handlers[other] = ignore;

  return { ...client, acked: (level) => clocks[level], ackedUpdates: (level) => updates[level] };
}
