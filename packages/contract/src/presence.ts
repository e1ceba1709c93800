// What others see of a person: the `user` field of an awareness state, and the twelve colours.
import type { UserId } from './ids.ts';
import type { Role } from './roles.ts';

export interface PresenceUser {
  /** id, name and role are stamped by the server (R12). */
  readonly id: UserId;
  readonly name: string;
  readonly role: Role;
  /** #rrggbb for cursor and avatar. */
  readonly color: string;
  /** #rrggbb with alpha, for selections. */
  readonly colorLight: string;
}

/** Twelve hues of equal lightness, at least 3:1 against white and near-black editors. */
export const PRESENCE_COLORS = [
  '#d1495b',
  '#c75b12',
  '#a87000',
  '#7a8400',
  '#3d8f3d',
  '#008f7a',
  '#008aa8',
  '#2f7fd6',
  '#6470e0',
  '#8d5fd3',
  '#b04fb5',
  '#c94a86',
] as const;

/** The same person has the same colour everywhere: FNV-1a of the id picks it. */
export function presenceColor(userId: UserId): { color: string; colorLight: string } {
  let hash = 0x811c9dc5;
  for (let index = 0; index < userId.length; index++) {
    hash = Math.imul(hash ^ userId.charCodeAt(index), 0x01000193);
  }
  const color = PRESENCE_COLORS[(hash >>> 0) % PRESENCE_COLORS.length] ?? PRESENCE_COLORS[0];
  return { color, colorLight: `${color}33` };
}
