// A stock y-websocket client as any other program would run it: its provider untouched, its console watched.
import { TEXT_NAME } from '@codesync/contract';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import { WebsocketProvider as WebsocketProvider2 } from 'y-websocket-2';
import * as Y from 'yjs';
import { until } from './until.ts';

export interface StockClient {
  readonly doc: Y.Doc;
  readonly text: Y.Text;
  readonly provider: WebsocketProvider;
  /** Resolves when the provider says that it is synced. */
  synced(): Promise<void>;
  close(): void;
}

export type SocketConstructor = new (address: string) => WebSocket;

interface Options {
  readonly url: string;
  readonly document: string;
  readonly token: string;
  /** The major version of y-websocket. */
  readonly version?: 2 | 3;
  readonly params?: Readonly<Record<string, string>>;
  /** What the provider opens its sockets with. */
  readonly WebSocket?: SocketConstructor;
}

export function connectStockClient(options: Options): StockClient {
  const doc = new Y.Doc();
  const Provider = options.version === 2 ? WebsocketProvider2 : WebsocketProvider;
  const provider = new Provider(`${options.url.replace('http', 'ws')}/socket`, options.document, doc, {
    params: { token: options.token, ...options.params },
    // ws implements the browser's interface, but does not declare that it does.
    WebSocketPolyfill: (options.WebSocket ?? WebSocket) as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  }) as WebsocketProvider;
  return {
    doc,
    text: doc.getText(TEXT_NAME),
    provider,
    synced: () =>
      until(() => {
        if (!provider.synced) throw new Error(`not synced with document ${options.document}`);
      }),
    close() {
      provider.destroy();
      doc.destroy();
    },
  };
}

/** Waits until the text is exactly this one. */
export function waitForText(text: Y.Text, expected: string, timeout = 30_000): Promise<void> {
  return until(() => {
    const now = text.toString();
    if (now !== expected) throw new Error(`${now.length} characters of ${expected.length}, or other ones`);
  }, timeout);
}
