// People from presence states, with nothing that a stranger says taken on trust.
import { UserId } from '@codesync/contract';
import { Awareness } from 'y-protocols/awareness';
import { expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { peopleIn, statedUser, watchPeople } from './presence.ts';

const you = { id: UserId.parse('0b9d9f3e-2d4b-4a57-8c1e-6f7a8b9c0d1e'), name: 'Ana' };

it('oneself is first and two tabs of one person are one', () => {
  const states = new Map<number, Record<string, unknown>>([
    [1, { user: { id: 'b', name: 'Ben' } }],
    [2, { user: { id: 'b', name: 'Ben' } }],
    [3, { user: { id: you.id, name: 'Ana' } }],
    [4, { user: { id: 'a', name: 'Aaron' } }],
    [5, {}],
  ]);
  expect(peopleIn(states, you).map(({ name, tabs, isYou }) => [name, tabs, isYou])).toEqual([
    ['Ana', 1, true],
    ['Aaron', 1, false],
    ['Ben', 2, false],
  ]);
});

it.each([
  { color: 'red; } * { display: none' },
  { color: '#12345', colorLight: 'url(//evil)' },
  { color: 7, colorLight: null },
  'text',
  null,
])('what is no colour never reaches a style sheet: %j', (user) => {
  const stated = statedUser({ user }, 1);
  expect(stated.color).toMatch(/^#[0-9a-f]{6}$/);
  expect(stated.colorLight).toMatch(/^#[0-9a-f]{6}([0-9a-f]{2})?$/);
  expect(stated.name).toBe('Someone');
});

it('moving cursors tell nobody; coming and going does', () => {
  const awareness = new Awareness(new Y.Doc());
  awareness.setLocalStateField('user', you);
  const people = watchPeople(awareness, you);
  const changed = vi.fn<() => void>();
  const stop = people.subscribe(changed);
  awareness.setLocalStateField('selection', { anchor: 1 });
  expect(changed).not.toHaveBeenCalled();
  awareness.setLocalState(null);
  expect(changed).toHaveBeenCalledOnce();
  stop();
  awareness.destroy();
  expect(changed).toHaveBeenCalledOnce();
});
