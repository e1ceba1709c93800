import { newUserId, presenceColor } from '@codesync/contract';
import { expect, it } from 'vitest';
import { stampIdentity, userIdOf } from './presence-identity.ts';

const ada = { user: { id: newUserId(), name: 'Ada' }, role: 'editor' } as const;
const own = { id: ada.user.id, name: 'Ada', role: 'editor', ...presenceColor(ada.user.id) };
const stamped = (state: Record<string, unknown>): unknown => JSON.parse(stampIdentity(state, ada));

it.each([[{}], [{ user: 'Eve' }], [{ user: null }], [{ user: ['Eve'] }]])(
  'R12: a state without a user, or with one that is none, has one: %j',
  (state) => {
    expect(stamped(state)).toMatchObject({ user: own });
    expect(userIdOf(stampIdentity(state, ada))).toBe(ada.user.id);
  },
);

it('R12: id, name and role are the server’s; colours, other fields and the rest of the state are the client’s', () => {
  const user = { id: 'x', name: 'Eve', role: 'owner', color: '#30bced', colorLight: '#30bced33', age: 7 };
  expect(stamped({ user, selection: { anchor: 1 } })).toEqual({
    user: { ...own, color: '#30bced', colorLight: '#30bced33', age: 7 },
    selection: { anchor: 1 },
  });
});

it.each(['orange', '#abc', 'rgb(1, 2, 3)', 'hsla(120deg 50% 50% / 0.2)'])('%s is a colour', (color) => {
  expect(stamped({ user: { color } })).toMatchObject({ user: { color } });
});

it.each(['red;} body{display:none', 'url(https://x.test)', '', 7, { evil: 1 }, 'x'.repeat(100)])(
  '%j is no colour: it would end up in a style sheet',
  (color) => {
    expect(stamped({ user: { color, colorLight: color } })).toMatchObject({ user: presenceColor(ada.user.id) });
  },
);
