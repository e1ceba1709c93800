// The names under which answers are kept, so that a change knows what it makes stale.
import type { DocumentFilter, DocumentId } from '@codesync/contract';

export const ME = ['me'] as const;
export const LISTS = ['documents'] as const;
export const listKey = (q: string, filter: DocumentFilter) => ['documents', filter, q] as const;
export const documentKey = (id: DocumentId) => ['document', id] as const;
export const membersKey = (id: DocumentId) => ['document', id, 'members'] as const;
