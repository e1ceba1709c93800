// Who a person is in their awareness state: written by the server over whatever the client said (R12).
import { presenceColor, type PresenceUser, type Role, type UserId } from '@codesync/contract';

export interface Identity {
  readonly user: { readonly id: UserId; readonly name: string };
  readonly role: Role;
}

/** The state as JSON, with `user` as others are to see it; the client's colours and other fields stay. */
export function stampIdentity(state: Readonly<Record<string, unknown>>, { user, role }: Identity): string {
  const said = isRecord(state['user']) ? state['user'] : {};
  const ours = presenceColor(user.id);
  const stamped: PresenceUser = {
    ...said,
    id: user.id,
    name: user.name,
    role,
    color: isColor(said['color']) ? said['color'] : ours.color,
    colorLight: isColor(said['colorLight']) ? said['colorLight'] : ours.colorLight,
  };
  return JSON.stringify({ ...state, user: stamped });
}

/** The id that `stampIdentity` wrote. */
export function userIdOf(json: string | null): unknown {
  const state: unknown = json === null ? null : JSON.parse(json);
  return isRecord(state) && isRecord(state['user']) ? state['user']['id'] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

// Editors write colours into style sheets: nothing that could end a declaration gets through.
const COLOR = /^(?:#[0-9a-f]{3,8}|[a-z]{3,24}|(?:rgb|hsl)a?\([\d\s.,%/deg]{1,40}\))$/i;

function isColor(value: unknown): value is string {
  return typeof value === 'string' && COLOR.test(value);
}
