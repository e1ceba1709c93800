// A stock client that also asks for acknowledgements, and knows which of its edits the server has called logged and durable (R1).
import { CODESYNC_PARAMETER, MESSAGE, SYNC } from '@codesync/contract';
import * as decoding from 'lib0/decoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { connectStockClient, type StockClient } from './stock-client.ts';

export interface AckedClient extends StockClient {
  /** This client's clock up to which everything it typed was acknowledged, over all of its connections. */
  acked(level: 'logged' | 'durable'): number;
}

export function connectAckedClient(options: { url: string; document: string; token: string }): AckedClient {
  const clocks = { logged: 0, durable: 0 };
  // The document's clock when the n-th update frame of the present connection was sent.
  let sent: number[] = [];
  let ownClock = () => 0;

  class CountingWebSocket extends WebSocket {
    constructor(address: string) {
      super(address);
      sent = [];
    }

    override send(data: Uint8Array): void {
      if (data[0] === MESSAGE.sync && (data[1] === SYNC.step2 || data[1] === SYNC.update)) sent.push(ownClock());
      super.send(data);
    }
  }

  const client = connectStockClient({
    ...options,
    params: { [CODESYNC_PARAMETER]: '1' },
    WebSocket: CountingWebSocket as unknown as typeof globalThis.WebSocket,
  });
  ownClock = () => Y.getState(client.doc.store, client.doc.clientID);

  const onAck = (level: 'logged' | 'durable') => (_encoder: unknown, decoder: decoding.Decoder) => {
    const count = decoding.readVarUint(decoder);
    clocks[level] = Math.max(clocks[level], sent[count - 1] ?? 0);
  };
  const ignore = () => {};
  const handlers = client.provider.messageHandlers;
  handlers[MESSAGE.logged] = onAck('logged');
  handlers[MESSAGE.durable] = onAck('durable');
  for (const other of [MESSAGE.role, MESSAGE.generation, MESSAGE.ping]) handlers[other] = ignore;

  return { ...client, acked: (level) => clocks[level] };
}
