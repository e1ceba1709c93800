// What a process that was killed had been promised by its log.
import type { DocumentId } from '@codesync/contract';
import type { Cursor } from '@codesync/storage';

export type Promised =
  | {
      readonly kind: 'appended';
      readonly document: DocumentId;
      readonly cursor: Cursor;
      readonly previous: Cursor;
      /** How it begins. */
      readonly text: string;
      readonly length: number;
    }
  | { readonly kind: 'trimming' | 'trimmed'; readonly document: DocumentId; readonly cursor: Cursor };
