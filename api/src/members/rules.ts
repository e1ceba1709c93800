// Who may be in a document as what: pure, over the list of members as it is under the lock.
import { can, Failure, type MemberResponse, type Role, type UserId } from '@codesync/contract';

export type Members = readonly MemberResponse[];

/** Only an owner changes who is in; a stranger is told nothing. */
export function assertManages(members: Members, actor: UserId): void {
  const role = roleOf(members, actor);
  if (role === undefined) throw new Failure('no_access');
  if (!can(role, 'manage-members')) throw new Failure('not_allowed');
}

/** Everyone may leave; who removes somebody else must manage members. `target` as it stands in the path. */
export function assertMayRemove(members: Members, actor: UserId, target: string): void {
  if (actor !== target.toLowerCase() || roleOf(members, actor) === undefined) assertManages(members, actor);
}

/** A document always has an owner: the last one neither leaves nor becomes anything less. */
export function assertOwnerRemains(members: Members, target: UserId, next: Role | 'gone'): void {
  const others = members.filter((member) => member.role === 'owner' && member.userId !== target);
  if (roleOf(members, target) === 'owner' && next !== 'owner' && others.length === 0) throw new Failure('last_owner');
}

/** The member with this id, or the Failure that there is none. */
export function memberWithId(members: Members, userId: string): MemberResponse {
  const member = members.find((candidate) => candidate.userId === userId.toLowerCase());
  if (member === undefined) throw new Failure('user_not_found', { detail: 'Nobody with that id is a member.' });
  return member;
}

function roleOf(members: Members, userId: UserId): Role | undefined {
  return members.find((member) => member.userId === userId)?.role;
}
