// One document: its title leads to it, the rest of the row says what, whose and when.
import { effectiveLanguage, languageName, type DocumentResponse, type Role } from '@codesync/contract';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { RelativeTime } from '../ui/relative-time.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { DocumentActions } from './document-actions.ts';
import { RenameField } from './rename-field.tsx';
import { QuickActions, RowMenu, type RowActionsProps } from './row-menu.tsx';

const ROLE_NAMES: Readonly<Record<Role, string>> = { owner: 'Owner', editor: 'Can edit', viewer: 'Can view' };

export interface DocumentRowProps {
  readonly document: DocumentResponse;
  readonly actions: DocumentActions;
  readonly onDelete: (document: DocumentResponse) => void;
}

export function DocumentRow({ document, actions, onDelete }: DocumentRowProps): ReactNode {
  const [isRenaming, setRenaming] = useState(false);
  const link = useRef<HTMLAnchorElement>(null);
  const wasRenaming = useRef(false);

  useEffect(() => {
    if (wasRenaming.current && !isRenaming) link.current?.focus();
    wasRenaming.current = isRenaming;
  }, [isRenaming]);

  const rowActions: RowActionsProps = {
    document,
    actions,
    onRename: () => setRenaming(true),
    onDelete: () => onDelete(document),
  };

  return (
    <li className="row">
      {isRenaming ? (
        <RenameField
          title={document.title}
          onKeep={(title) => {
            setRenaming(false);
            if (title !== document.title) actions.rename(document, title);
          }}
          onCancel={() => setRenaming(false)}
        />
      ) : (
        <Link href={`/d/${document.id}`} className="row__title" ref={link} data-row-link="">
          {document.title}
        </Link>
      )}
      <QuickActions {...rowActions} />
      <span className="row__language">{languageName(effectiveLanguage(document.language, document.title))}</span>
      <span className="row__role">{ROLE_NAMES[document.role]}</span>
      <span className="row__time">
        <RelativeTime at={document.deletedAt ?? document.updatedAt} />
      </span>
      <RowMenu {...rowActions} />
    </li>
  );
}

/** As tall as a row, so that nothing moves when the row comes. */
export function DocumentRowSkeleton({ width }: { readonly width: string }): ReactNode {
  return (
    <li className="row" aria-hidden="true">
      <span className="row__title">
        <Skeleton width={width} />
      </span>
      <span className="row__language">
        <Skeleton width="72px" />
      </span>
      <span className="row__role">
        <Skeleton width="48px" />
      </span>
      <span className="row__time">
        <Skeleton width="64px" />
      </span>
    </li>
  );
}
