// The members of a document, each with their role; owners change it, and everyone may leave.
import { can, type DocumentResponse, type MemberResponse, presenceColor, type Role } from '@codesync/contract';
import { LogOut, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { messageOf } from '../api/answers.ts';
import { useChangeRole, useMembers, useRemoveMember } from '../api/members.ts';
import { useUser } from '../app/signed-in.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Select } from '../ui/select.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { ROLE_OPTIONS, roleName } from './role-options.ts';

export interface MemberListProps {
  readonly document: DocumentResponse;
  readonly role: Role;
}

export function MemberList({ document, role }: MemberListProps): ReactNode {
  const members = useMembers(document.id);
  const change = useChangeRole(document.id);
  const remove = useRemoveMember(document.id);
  const error = change.error ?? remove.error;

  if (members.isPending) return <Skeleton width="100%" />;
  if (members.isError) {
    return (
      <div className="members__failed">
        <p role="alert">{messageOf(members.error)}</p>
        <Button onPress={() => void members.refetch()}>Try again</Button>
      </div>
    );
  }
  return (
    <>
      <ul className="members" aria-label="Members">
        {members.data.map((member) => (
          <Member
            key={member.userId}
            member={member}
            isManaged={can(role, 'manage-members')}
            onChange={(next) => {
              remove.reset();
              change.mutate({ userId: member.userId, role: next });
            }}
            onRemove={(after) => {
              change.reset();
              remove.mutate(member.userId, { onSuccess: after });
            }}
          />
        ))}
      </ul>
      {error !== null && (
        <p className="share__error" role="alert">
          {messageOf(error)}
        </p>
      )}
    </>
  );
}

interface MemberProps {
  readonly member: MemberResponse;
  readonly isManaged: boolean;
  readonly onChange: (role: Role) => void;
  readonly onRemove: (after: () => void) => void;
}

function Member({ member, isManaged, onChange, onRemove }: MemberProps): ReactNode {
  const isYou = useUser().id === member.userId;
  const [, navigate] = useLocation();
  return (
    <li className="members__one">
      <Avatar name={member.name} color={presenceColor(member.userId).color} />
      <span className="members__who">
        <span className="members__name">{isYou ? `${member.name} (you)` : member.name}</span>
        <span className="members__email">{member.email}</span>
      </span>
      {isManaged ? (
        <Select
          label={`What ${member.name} may do`}
          isLabelHidden
          isQuiet
          options={ROLE_OPTIONS}
          value={member.role}
          onChange={onChange}
        />
      ) : (
        <span className="members__role">{roleName(member.role)}</span>
      )}
      {isYou ? (
        <IconButton label="Leave this document" onPress={() => onRemove(() => navigate('/documents'))}>
          <LogOut size={16} aria-hidden="true" />
        </IconButton>
      ) : (
        isManaged && (
          <IconButton label={`Remove ${member.name}`} onPress={() => onRemove(() => undefined)}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        )
      )}
    </li>
  );
}
