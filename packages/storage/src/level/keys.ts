// How the log lies in LevelDB: text keys whose order is the order of the log.
import { DocumentId } from '@codesync/contract';
import { parseCursor, type Cursor } from '../cursor.ts';

// e/<document>/<major>-<minor>   one entry; both numbers padded, so that the order of the text is the order of the cursors
// t/<document>                   the cursor that the document is trimmed to, once it was trimmed
// d/<document>                   empty; there while the document has entries, so that listing them does not walk the entries

/** No part of a cursor has more. */
const DIGITS = 15;

export const entryKey = (document: DocumentId, cursor: Cursor): string => {
  const dash = cursor.indexOf('-');
  return `e/${document}/${cursor.slice(0, dash).padStart(DIGITS, '0')}-${cursor.slice(dash + 1).padStart(DIGITS, '0')}`;
};

/** After every entry of the document: '~' sorts behind the digits. */
export const entriesEnd = (document: DocumentId): string => `e/${document}/~`;

export function cursorOfKey(key: string): Cursor {
  const [major, minor] = key.slice(key.lastIndexOf('/') + 1).split('-');
  return parseCursor(`${Number(major)}-${Number(minor)}`);
}

export const trimmedToKey = (document: DocumentId): string => `t/${document}`;

export const listedKey = (document: DocumentId): string => `d/${document}`;
export const LISTED_RANGE = { gt: 'd/', lt: 'd0' } as const;
export const documentOfKey = (key: string): DocumentId => DocumentId.parse(key.slice('d/'.length));

/** Overwritten by every check. */
export const CHECK_KEY = 'check';
