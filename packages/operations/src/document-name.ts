// What a y-redis document's name says about the CodeSync document that it becomes: its id, its title, its language.
import { DocumentId, DocumentTitle, effectiveLanguage, PLAIN_TEXT, UNTITLED } from '@codesync/contract';
import { createHash } from 'node:crypto';

/** UTF-16 code units. */
const LONGEST_TITLE = 200;

/** The same for the same name and owner, everywhere and always: a second import finds what the first one made. */
export function documentIdOf(name: string, ownerEmail: string): DocumentId {
  const hash = createHash('sha256')
    .update(JSON.stringify(['y-redis', ownerEmail, name]))
    .digest();
  // Version 8 of UUIDs: made of what their maker likes.
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16);
  return DocumentId.parse(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'));
}

export function titleOf(name: string): string {
  const whole = name.replaceAll('\0', '').trim();
  if (whole === '') return UNTITLED;
  if (whole.length <= LONGEST_TITLE) return DocumentTitle.parse(whole);
  // Not through the middle of a character.
  const cut = whole.slice(0, LONGEST_TITLE - 1).replace(/[\uD800-\uDBFF]$/, '');
  return DocumentTitle.parse(`${cut}…`);
}

/** As the editor would guess it, whose guess would be gone with the end of a title that is cut. */
export function languageOf(name: string): string {
  return effectiveLanguage(PLAIN_TEXT, name);
}
