import { describe, expect, it } from 'vitest';
import { can, Role, type Action } from './roles.ts';

// The contract's sentence, as a table: a viewer reads and connects, an editor also writes and renames, an owner does everything.
const TABLE: Record<Action, Record<Role, boolean>> = {
  read: { viewer: true, editor: true, owner: true },
  connect: { viewer: true, editor: true, owner: true },
  write: { viewer: false, editor: true, owner: true },
  rename: { viewer: false, editor: true, owner: true },
  'manage-members': { viewer: false, editor: false, owner: true },
  trash: { viewer: false, editor: false, owner: true },
  restore: { viewer: false, editor: false, owner: true },
  'delete-for-good': { viewer: false, editor: false, owner: true },
};

describe.each(Role.options)('R13: what a role allows: %s', (role) => {
  it.each(Object.entries(TABLE))('%s', (action, allowed) => {
    expect(can(role, action as Action)).toBe(allowed[role]);
  });
});

it('every role allows what the one below it allows', () => {
  for (const action of Object.keys(TABLE) as Action[]) {
    if (can('viewer', action)) expect(can('editor', action)).toBe(true);
    if (can('editor', action)) expect(can('owner', action)).toBe(true);
  }
});

it.each(['', 'Owner', 'admin', 'toString', null, 1, undefined])('%j is no role', (value) => {
  expect(Role.safeParse(value).success).toBe(false);
});
