// Who may do what with a document: the one permission table of the house. API, sync server and web all ask `can`.
import { z } from 'zod';

export const Role = z.enum(['viewer', 'editor', 'owner']);
export type Role = z.infer<typeof Role>;

export type Action =
  | 'read'
  | 'connect'
  | 'write'
  | 'rename'
  | 'manage-members'
  | 'trash'
  | 'restore'
  | 'delete-for-good';

const ALLOWED: Record<Role, ReadonlySet<Action>> = {
  viewer: new Set<Action>(['read', 'connect']),
  editor: new Set<Action>(['read', 'connect', 'write', 'rename']),
  owner: new Set<Action>([
    'read',
    'connect',
    'write',
    'rename',
    'manage-members',
    'trash',
    'restore',
    'delete-for-good',
  ]),
};

export function can(role: Role, action: Action): boolean {
  return ALLOWED[role].has(action);
}
