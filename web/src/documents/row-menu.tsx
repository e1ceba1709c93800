// What can be done with one document: all of it in a menu, the common ones also beside it under the pointer.
import { can, type DocumentResponse } from '@codesync/contract';
import { Ellipsis, Link2, Pencil, RotateCcw, Trash2 } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem, MenuRule } from '../ui/menu.tsx';
import type { DocumentActions } from './document-actions.ts';

export interface RowActionsProps {
  readonly document: DocumentResponse;
  readonly actions: DocumentActions;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

interface Choice {
  readonly id: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly run: () => void;
  readonly isBad?: boolean;
  /** Shown as a button of its own while the pointer is on the row. */
  readonly isCommon?: boolean;
}

/** Drawn while the pointer or the focus is on the row. Not tab stops: the menu beside them holds the same. */
export function QuickActions(props: RowActionsProps): ReactNode {
  return (
    <span className="row__quick">
      {choicesFor(props)
        .filter(({ isCommon }) => isCommon)
        .map(({ id, label, icon, run }) => (
          <IconButton key={id} label={label} onPress={run} excludeFromTabOrder>
            {icon}
          </IconButton>
        ))}
    </span>
  );
}

export function RowMenu(props: RowActionsProps): ReactNode {
  const choices = choicesFor(props);
  const name = `Actions for ${props.document.title}`;
  return (
    <span className="row__menu">
      <Menu
        label={name}
        trigger={
          <IconButton label={name}>
            <Ellipsis size={16} aria-hidden="true" />
          </IconButton>
        }
      >
        {choices.map(({ id, label, icon, run, isBad }) => (
          <Fragment key={id}>
            {isBad === true && choices.length > 1 && <MenuRule />}
            <MenuItem id={id} icon={icon} onAction={run} tone={isBad === true ? 'bad' : 'normal'}>
              {label}
            </MenuItem>
          </Fragment>
        ))}
      </Menu>
    </span>
  );
}

function choicesFor({ document, actions, onRename, onDelete }: RowActionsProps): readonly Choice[] {
  const { role } = document;
  const choices: Choice[] = [];
  if (document.deletedAt !== undefined) {
    choices.push({
      id: 'restore',
      label: 'Restore',
      icon: <RotateCcw size={16} aria-hidden="true" />,
      run: () => actions.restore(document),
      isCommon: true,
    });
    choices.push({
      id: 'delete',
      label: 'Delete for good',
      icon: <Trash2 size={16} aria-hidden="true" />,
      run: onDelete,
      isBad: true,
    });
    return choices;
  }
  if (can(role, 'rename')) {
    choices.push({
      id: 'rename',
      label: 'Rename',
      icon: <Pencil size={16} aria-hidden="true" />,
      run: onRename,
      isCommon: true,
    });
  }
  choices.push({
    id: 'copy-link',
    label: 'Copy link',
    icon: <Link2 size={16} aria-hidden="true" />,
    run: () => actions.copyLink(document),
  });
  if (can(role, 'trash')) {
    choices.push({
      id: 'trash',
      label: 'Move to trash',
      icon: <Trash2 size={16} aria-hidden="true" />,
      run: () => actions.trash(document),
      isBad: true,
      isCommon: true,
    });
  }
  return choices;
}
