// What both dialects are opened as: queries, whether they can be expected to work, and an end.
import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

export interface OpenDatabase {
  readonly db: Kysely<Database>;
  /** For readiness: rejects with the reason when a query cannot be answered. */
  check(): Promise<void>;
  /** Lets running queries finish. Queries after it reject; closing twice is harmless. */
  close(): Promise<void>;
}
