// Merging on the calling thread, for tests that look at something else.
import type { Merger } from '../merger.ts';
import { mergeDocument } from '../yjs/merge.ts';

export function createInlineMerger(): Merger {
  return {
    merge: async (previous, updates) => mergeDocument(previous, updates),
    async close() {},
  };
}
