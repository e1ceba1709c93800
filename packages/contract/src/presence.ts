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

/** Twelve hues of equal luminance: white initials stand 4.5:1 on them, they stand 3:1 on the light and the dark editor. */
export const PRESENCE_COLORS = [
  '#ca4355',
  '#be5405',
  '#9d6900',
  '#707901',
  '#308331',
  '#05826f',
  '#067e99',
  '#2274ca',
  '#5d68d7',
  '#895bce',
  '#ad4cb2',
  '#c24480',
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
