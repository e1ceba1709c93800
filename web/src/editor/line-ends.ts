// The shared text has LF only (R21): our editor never writes a CR, and the server takes out those that foreign clients bring.
// Until it has, the model already shows LF, and edits of the model are written at the places they mean in the raw text.
import type { TextEdit } from './text-edits.ts';

/** Edits by offsets of the text with LF only, as edits of the text that still has CRs. */
export function rawEdits(raw: string, edits: readonly TextEdit[]): TextEdit[] {
  return edits.map(({ offset, length, text }) => {
    const start = rawOffset(raw, offset);
    return { offset: start, length: rawOffset(raw, offset + length) - start, text };
  });
}

function rawOffset(raw: string, offset: number): number {
  let position = 0;
  for (let seen = 0; seen < offset && position < raw.length; seen++) {
    position += raw[position] === '\r' && raw[position + 1] === '\n' ? 2 : 1;
  }
  return position;
}
