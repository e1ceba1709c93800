// Text as the house takes it: Unicode, and in documents with LF only, whoever brings it (R21).

/** CRLF and lone CR become LF. */
export function toLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** Whether every surrogate has its other half: UTF-8, and so the log and the database, would turn lone ones into U+FFFD. */
export function isUnicode(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

/** Unicode without NUL, which Postgres refuses in text. */
export function isStorable(text: string): boolean {
  return isUnicode(text) && !text.includes('\0');
}

/** What `isUnicode` and `isStorable` stand for, to people. */
export const NOT_TEXT = 'That has characters that are no text.';
