// A position in one document's log: `<major>-<minor>`, both decimal. Redis' own stream ids have this form, so one order serves all adapters.

declare const cursorBrand: unique symbol;
export type Cursor = string & { readonly [cursorBrand]: true };

/** Before the first entry of any document. */
export const START = '0-0' as Cursor;

/** One spelling a position, so that `===` compares; at most 15 digits a part, which a number holds exactly. */
const CURSOR = /^(0|[1-9]\d{0,14})-(0|[1-9]\d{0,14})$/;

/** Throws for anything that is not a cursor: a damaged cursor must stop a reader, not sort somewhere. */
export function parseCursor(text: string): Cursor {
  if (!CURSOR.test(text)) throw new Error(`not a cursor: ${text}`);
  return text as Cursor;
}

/** Negative when a is before b, 0 when they are the same, positive when a is after b. */
export function compareCursors(a: Cursor, b: Cursor): number {
  const [aMajor, aMinor] = parts(a);
  const [bMajor, bMinor] = parts(b);
  return aMajor - bMajor || aMinor - bMinor;
}

function parts(cursor: Cursor): [number, number] {
  const dash = cursor.indexOf('-');
  return [Number(cursor.slice(0, dash)), Number(cursor.slice(dash + 1))];
}
