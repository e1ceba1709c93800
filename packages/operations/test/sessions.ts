// Recorded editing sessions, typed into Y.Docs.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type * as Y from 'yjs';

interface Session {
  readonly endContent: string;
  readonly txns: readonly { readonly patches: readonly [position: number, deleted: number, inserted: string][] }[];
}

/** One author, applied in order to an empty text. */
export function readSession(name: 'rustcode' | 'sveltecomponent'): Session {
  const file = new URL(`../../e2e/traces/${name}.json.gz`, import.meta.url);
  return JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as Session;
}

/** From one transaction of the session to another. */
export function type(text: Y.Text, { txns }: Session, from = 0, to = txns.length): void {
  for (const { patches } of txns.slice(from, to)) {
    text.doc?.transact(() => {
      for (const [position, deleted, inserted] of patches) {
        if (deleted > 0) text.delete(position, deleted);
        if (inserted !== '') text.insert(position, inserted);
      }
    });
  }
}
