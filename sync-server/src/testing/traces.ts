// Real editing sessions of one author, as the Yjs updates that a client would send.
import { TEXT_NAME } from '@codesync/contract';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as Y from 'yjs';

interface Trace {
  readonly startContent: string;
  readonly endContent: string;
  readonly txns: readonly { readonly patches: readonly [position: number, deleted: number, inserted: string][] }[];
}

export interface Typed {
  readonly endContent: string;
  /** One an edit, in order. */
  readonly updates: readonly Uint8Array[];
}

export function typeTrace(name: 'rustcode' | 'sveltecomponent'): Typed {
  const file = new URL(`../../../packages/e2e/traces/${name}.json.gz`, import.meta.url);
  const { startContent, endContent, txns } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Trace;
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  const text = doc.getText(TEXT_NAME);
  text.insert(0, startContent);
  for (const { patches } of txns) {
    doc.transact(() => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(position, deleted);
        if (inserted !== '') text.insert(position, inserted);
      }
    });
  }
  return { endContent, updates };
}
