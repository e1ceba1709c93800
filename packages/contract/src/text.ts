// Line ends: a document's text has LF only, whoever brings it (R21).

/** CRLF and lone CR become LF. */
export function toLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
