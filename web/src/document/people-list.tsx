// Who is here, oneself first. A press goes to where that person's caret is.
import type { ReactNode } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import type { Person } from '../collab/presence.ts';
import type { DocumentSession } from '../collab/session.ts';
import type { CodeEditor } from '../editor/create-code-editor.ts';
import { revealPerson } from '../editor/reveal-person.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Hint } from '../ui/hint.tsx';

/** More faces than this are a number. */
const MOST = 5;

export interface PeopleListProps {
  readonly people: readonly Person[];
  readonly isLive: boolean;
  readonly session: DocumentSession;
  readonly handle: CodeEditor | undefined;
}

export function PeopleList({ people, isLive, session, handle }: PeopleListProps): ReactNode {
  const hidden = people.length - MOST;
  return (
    <ul className="people" aria-label="People here" data-stale={isLive ? undefined : ''}>
      {people.map((person, index) => (
        <li key={person.id} className={index < MOST ? 'people__one' : 'visually-hidden'}>
          {index < MOST ? (
            <Hint text={person.isYou ? displayName(person) : `Go to ${person.name}`}>
              <AriaButton
                className="people__button"
                onPress={() => {
                  if (handle !== undefined) revealPerson(handle, session, person.id);
                }}
              >
                <Avatar name={person.name} color={person.color} />
                <span className="visually-hidden">{displayName(person)}</span>
              </AriaButton>
            </Hint>
          ) : (
            displayName(person)
          )}
        </li>
      ))}
      {hidden > 0 && (
        <li className="people__more tabular" aria-hidden="true">
          +{hidden}
        </li>
      )}
    </ul>
  );
}

export function displayName({ name, isYou }: Person): string {
  return isYou ? `${name} (you)` : name;
}
