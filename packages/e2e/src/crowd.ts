// Many people at once on a few documents, each with a stock client: what they typed, and how they were sent away.
import { createRovingSocket } from './roving-socket.ts';
import { connectStockClient, type StockClient } from './stock-client.ts';

export interface Crowd {
  readonly clients: readonly CrowdClient[];
  /** So many of them, in turn, type one more word of their own. */
  typeWords(count: number): void;
  close(): void;
}

export interface CrowdClient extends StockClient {
  readonly document: string;
  /** Words that this client typed; nobody else types the same. */
  readonly words: readonly string[];
  /** Each time that a server closed its socket, with the code and performance.now(). */
  readonly closes: readonly { readonly code: number; readonly at: number }[];
}

export function gatherCrowd(options: {
  readonly size: number;
  readonly documents: readonly string[];
  readonly token: string;
  /** Where all of them are at first. */
  readonly first: string;
  /** Where they come back to. */
  readonly later: string;
}): Crowd {
  const { size, documents, token, first, later } = options;
  const clients = Array.from({ length: size }, (_, index) => {
    const document = documents[index % documents.length] ?? '';
    let connections = 0;
    const WebSocket = createRovingSocket(() => (connections++ === 0 ? first : later));
    const client = connectStockClient({ url: first, document, token, WebSocket });
    const words: string[] = [];
    const closes: { code: number; at: number }[] = [];
    client.provider.on('connection-close', (event) => {
      if (event !== null) closes.push({ code: event.code, at: performance.now() });
    });
    return { ...client, document, words, closes };
  });

  let typed = 0;
  return {
    clients,
    typeWords(count) {
      for (const end = typed + count; typed < end; typed++) {
        const client = clients[typed % size];
        const word = `<${typed}>`;
        client?.text.insert(client.text.length, word);
        client?.words.push(word);
      }
    },
    close() {
      for (const client of clients) client.close();
    },
  };
}
