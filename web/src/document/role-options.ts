// The roles in the words of the page.
import type { Role } from '@codesync/contract';
import type { SelectOption } from '../ui/select.tsx';

export const ROLE_OPTIONS: readonly SelectOption<Role>[] = [
  { value: 'editor', label: 'Editor', note: 'reads and writes' },
  { value: 'viewer', label: 'Viewer', note: 'reads' },
  { value: 'owner', label: 'Owner', note: 'also shares and deletes' },
];

export function roleName(role: Role): string {
  return ROLE_OPTIONS.find(({ value }) => value === role)?.label ?? role;
}
