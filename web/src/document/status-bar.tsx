// The bar at the bottom: is it saved, is the link up, where am I, what language is this. Each part opens what it names.
import type { DocumentResponse, Role } from '@codesync/contract';
import type { ReactNode } from 'react';
import type { Person } from '../collab/presence.ts';
import type { DocumentSession } from '../collab/session.ts';
import type { CodeEditor } from '../editor/create-code-editor.ts';
import { ConnectionButton } from './connection-button.tsx';
import { IndentationMenu } from './indentation-menu.tsx';
import { LanguagePicker } from './language-picker.tsx';
import { LineEndsButton } from './line-ends-button.tsx';
import { PeopleCount } from './people-count.tsx';
import { PositionButton } from './position-button.tsx';
import { SaveStatusText } from './save-status.tsx';
import './status-bar.css';

export interface StatusBarProps {
  readonly document: DocumentResponse;
  readonly role: Role;
  readonly people: readonly Person[];
  readonly session: DocumentSession;
  readonly handle: CodeEditor | undefined;
}

export function StatusBar({ document, role, people, session, handle }: StatusBarProps): ReactNode {
  return (
    <footer className="status-bar">
      <SaveStatusText session={session} />
      <ConnectionButton session={session} />
      <span className="status-bar__space" />
      {handle !== undefined && (
        <>
          <PositionButton handle={handle} />
          <IndentationMenu handle={handle} />
        </>
      )}
      <LineEndsButton />
      <LanguagePicker document={document} role={role} handle={handle} />
      <PeopleCount people={people} />
    </footer>
  );
}
