// How the suites of the update log write and read: texts for updates, whole logs for pages.
import type { DocumentId } from '@codesync/contract';
import { START, type Cursor } from '../cursor.ts';
import type { LogEntry, UpdateLog } from '../update-log.ts';

export interface Position {
  readonly cursor: Cursor;
  readonly previous: Cursor;
}

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** One entry a text, one after the other. */
export async function appendTexts(log: UpdateLog, document: DocumentId, texts: readonly string[]): Promise<Position[]> {
  const positions: Position[] = [];
  for (const value of texts) positions.push(await log.append(document, [text(value)]));
  return positions;
}

export async function readAll(log: UpdateLog, document: DocumentId): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let more = true; more;) {
    const page = await log.read(document, entries.at(-1)?.cursor ?? START);
    entries.push(...page.entries);
    more = page.more;
  }
  return entries;
}

export const cursorsOf = (positions: readonly { readonly cursor: Cursor }[]): Cursor[] =>
  positions.map(({ cursor }) => cursor);

export const bytesOf = (entries: readonly LogEntry[]): number[][] =>
  entries.flatMap((entry) => entry.updates.map((update) => Array.from(update)));

export const textsOf = (entries: readonly LogEntry[]): string[] =>
  entries.flatMap((entry) => entry.updates.map((update) => new TextDecoder().decode(update)));

export async function documentsOf(log: UpdateLog): Promise<DocumentId[]> {
  const documents: DocumentId[] = [];
  for await (const document of log.documents()) documents.push(document);
  return documents;
}

export async function isListed(log: UpdateLog, document: DocumentId): Promise<boolean> {
  return (await documentsOf(log)).includes(document);
}
