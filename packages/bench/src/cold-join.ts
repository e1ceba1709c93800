// The first join of a document after a start of the server: from opening the socket to the client being synced.
import { register } from '@codesync/e2e/person';
import { connectStockClient } from '@codesync/e2e/stock-client';
import { applyPatches, readTrace } from '@codesync/e2e/traces';
import { until } from '@codesync/e2e/until';
import * as Y from 'yjs';
import { percentile, type Measurement } from './measurement.ts';
import { withServer } from './server.ts';

const DOCUMENTS = 20;

export function measureColdJoin(): Promise<Measurement[]> {
  return withServer(async (start) => {
    const trace = readTrace('rustcode');
    const finished = new Y.Doc();
    for (const txn of trace.txns) applyPatches(finished.getText('content'), txn.patches);
    const state = Y.encodeStateAsUpdate(finished);

    let server = await start();
    const ana = await register(server.url, 'Ana');
    const documents: string[] = [];
    for (let count = 0; count < DOCUMENTS; count++) {
      const { id } = await ana.createDocument();
      const author = connectStockClient({ url: server.url, document: id, token: ana.token });
      await author.synced();
      Y.applyUpdate(author.doc, state);
      await until(async () => {
        if ((await ana.content(id)) !== trace.endContent) throw new Error('not there yet');
      });
      author.close();
      documents.push(id);
    }
    await server.stop();
    server = await start();

    // The first one warms the process, not the document.
    const times: number[] = [];
    for (const document of documents) {
      const begin = performance.now();
      const reader = connectStockClient({ url: server.url, document, token: ana.token });
      await new Promise<void>((resolve) => {
        reader.provider.on('sync', (synced: boolean) => {
          if (synced) resolve();
        });
      });
      times.push(performance.now() - begin);
      if (reader.text.toString() !== trace.endContent) throw new Error('a join with another text is no join');
      reader.close();
    }
    const [, ...warm] = times;
    return [
      { name: 'cold join of rustcode, median', value: percentile(warm, 0.5), unit: 'ms', budget: 50 },
      { name: 'cold join of rustcode, p95', value: percentile(warm, 0.95), unit: 'ms' },
    ];
  });
}
