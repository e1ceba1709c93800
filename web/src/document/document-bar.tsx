// The bar on top: the way back to the list, the title, who is here, Share, Account.
import { can, type DocumentResponse, type Role } from '@codesync/contract';
import { UserPlus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { AccountMenu } from '../accounts/account-menu.tsx';
import type { Person } from '../collab/presence.ts';
import type { DocumentSession } from '../collab/session.ts';
import type { CodeEditor } from '../editor/create-code-editor.ts';
import { Button } from '../ui/button.tsx';
import { Mark } from '../ui/mark.tsx';
import { PeopleList } from './people-list.tsx';
import { ShareDialog } from './share-dialog.tsx';
import { TitleField } from './title-field.tsx';

export interface DocumentBarProps {
  readonly document: DocumentResponse;
  readonly role: Role;
  readonly people: readonly Person[];
  /** People are shown dimmed while the link is down: they may have left. */
  readonly isLive: boolean;
  readonly session: DocumentSession;
  readonly handle: CodeEditor | undefined;
}

export function DocumentBar({ document, role, people, isLive, session, handle }: DocumentBarProps): ReactNode {
  const [isSharing, setSharing] = useState(false);
  return (
    <header className="document-bar">
      <Link href="/documents" className="document-bar__mark" aria-label="Documents">
        <Mark />
      </Link>
      <TitleField document={document} isReadOnly={!can(role, 'rename')} onDone={() => handle?.editor.focus()} />
      <span className="document-bar__space" />
      <PeopleList people={people} isLive={isLive} session={session} handle={handle} />
      <Button variant="primary" onPress={() => setSharing(true)}>
        <UserPlus size={16} aria-hidden="true" />
        <span className="document-bar__word">Share</span>
      </Button>
      <AccountMenu />
      <ShareDialog document={document} role={role} isOpen={isSharing} onClose={() => setSharing(false)} />
    </header>
  );
}
