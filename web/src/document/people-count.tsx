// How many people are here; opens their names and roles.
import { Users } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Person } from '../collab/presence.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Popover } from '../ui/popover.tsx';
import { displayName } from './people-list.tsx';
import { StatusButton } from './status-button.tsx';

export function PeopleCount({ people }: { readonly people: readonly Person[] }): ReactNode {
  const words = people.length === 1 ? '1 person here' : `${people.length} people here`;
  return (
    <Popover
      label="Who is here"
      placement="top end"
      trigger={
        <StatusButton hint="Who is here" aria-label={words}>
          <Users size={14} aria-hidden="true" />
          <span className="tabular">{people.length}</span>
        </StatusButton>
      }
    >
      <ul className="people-rows">
        {people.map((person) => (
          <li key={person.id}>
            <Avatar name={person.name} color={person.color} />
            <span className="people-rows__name">{displayName(person)}</span>
            {person.role !== undefined && <span className="people-rows__role">{person.role}</span>}
          </li>
        ))}
      </ul>
    </Popover>
  );
}
