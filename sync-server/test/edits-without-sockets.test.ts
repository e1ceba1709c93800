// Edits that come through the API while nobody has the document open.
import { START } from '@codesync/storage';
import { expect, it, vi } from 'vitest';
import { createTypist, textOf } from '../src/testing/typist.ts';
import { createParts, startTestServer } from './test-server.ts';

it('R1: an edit that no socket brought is in a snapshot within seconds', async () => {
  const parts = createParts();
  await startTestServer(parts);
  const document = parts.document([await parts.person('Ada'), 'owner']);
  await parts.log.append(document, [createTypist().type('put')]);
  await parts.notices.publish({ kind: 'edited', document });
  await vi.waitFor(
    async () => {
      const snapshot = await parts.snapshots.load(document);
      expect(snapshot && textOf([snapshot.state.update])).toBe('put');
      expect((await parts.log.read(document, START)).entries).toEqual([]);
    },
    { timeout: 6_000, interval: 20 },
  );
});
