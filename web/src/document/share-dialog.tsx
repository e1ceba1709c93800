// Who may do what with this document: owners add people by e-mail, change roles and remove; everyone sees the list and may leave.
import { can, type DocumentResponse, type Role } from '@codesync/contract';
import { type FormEvent, type ReactNode, useState } from 'react';
import { fieldError, messageOf } from '../api/answers.ts';
import { useAddMember } from '../api/members.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Select } from '../ui/select.tsx';
import { TextField } from '../ui/text-field.tsx';
import { MemberList } from './member-list.tsx';
import { ROLE_OPTIONS } from './role-options.ts';
import './share-dialog.css';

export interface ShareDialogProps {
  readonly document: DocumentResponse;
  readonly role: Role;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function ShareDialog({ document, role, isOpen, onClose }: ShareDialogProps): ReactNode {
  return (
    <Dialog title="Share" isOpen={isOpen} onClose={onClose}>
      {can(role, 'manage-members') ? (
        <AddMember document={document} />
      ) : (
        <p className="share__note">Owners decide who may see and edit this document.</p>
      )}
      <MemberList document={document} role={role} />
    </Dialog>
  );
}

function AddMember({ document }: { readonly document: DocumentResponse }): ReactNode {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('editor');
  const add = useAddMember(document.id);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate({ email, role }, { onSuccess: () => setEmail('') });
  };

  return (
    <form className="share__form" onSubmit={submit} noValidate>
      <div className="share__fields">
        <TextField
          label="Email"
          type="email"
          inputMode="email"
          autoComplete="off"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- a dialog puts the focus where work begins
          autoFocus
          value={email}
          onChange={(value) => {
            setEmail(value);
            add.reset();
          }}
          placeholder="name@example.com"
        />
        <Select label="Role" options={ROLE_OPTIONS} value={role} onChange={setRole} />
        <Button type="submit" variant="primary" isPending={add.isPending} isDisabled={email.trim() === ''}>
          Add
        </Button>
      </div>
      <p className="share__error" role="alert">
        {add.error === null ? '' : (fieldError(add.error, 'email') ?? messageOf(add.error))}
      </p>
    </form>
  );
}
