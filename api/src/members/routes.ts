// Members: who is in a document as what. Changes reach open sockets through notices (R14).
import {
  Failure,
  PatchMemberRequest,
  PutMemberRequest,
  type MemberListResponse,
  type MemberResponse,
} from '@codesync/contract';
import { Hono } from 'hono';
import { findByEmail } from '../accounts/queries.ts';
import type { ApiDeps } from '../deps.ts';
import { may } from '../documents/policy.ts';
import { announce } from '../http/announce.ts';
import type { RequestEnv } from '../http/env.ts';
import { signedIn } from '../http/session.ts';
import { json } from '../http/validate.ts';
import { changeMembers, listMembers, putMember, removeMember } from './queries.ts';
import { assertManages, assertMayRemove, assertOwnerRemains, memberWithId } from './rules.ts';

export function memberRoutes(deps: ApiDeps) {
  const { database, clock } = deps;
  const mySession = signedIn(deps);

  return new Hono<RequestEnv>()
    .get('/:id/members', mySession, may('read', deps), async (c) => {
      return c.json<MemberListResponse>({ items: await listMembers(database, c.var.document.id) });
    })

    .put('/:id/members', mySession, may('manage-members', deps), json(PutMemberRequest), async (c) => {
      const { email, role } = c.req.valid('json');
      const document = c.var.document.id;
      const member = await changeMembers(database, document, async (transaction, members) => {
        assertManages(members, c.var.session.user);
        const account = await findByEmail(transaction, email);
        if (account === undefined) throw new Failure('user_not_found');
        const { id, name } = account.user;
        assertOwnerRemains(members, id, role);
        await putMember(transaction, { document, user: id, role, at: new Date(clock.now()) });
        return { userId: id, email: account.user.email, name, role };
      });
      await announce(deps, { kind: 'access-changed', document, user: member.userId });
      return c.json<MemberResponse>(member);
    })

    .patch('/:id/members/:userId', mySession, may('manage-members', deps), json(PatchMemberRequest), async (c) => {
      const { role } = c.req.valid('json');
      const document = c.var.document.id;
      const member = await changeMembers(database, document, async (transaction, members) => {
        assertManages(members, c.var.session.user);
        const target = memberWithId(members, c.req.param('userId'));
        assertOwnerRemains(members, target.userId, role);
        await putMember(transaction, { document, user: target.userId, role, at: new Date(clock.now()) });
        return { ...target, role };
      });
      await announce(deps, { kind: 'access-changed', document, user: member.userId });
      return c.json<MemberResponse>(member);
    })

    .delete('/:id/members/:userId', mySession, may('read', deps), async (c) => {
      const document = c.var.document.id;
      const user = await changeMembers(database, document, async (transaction, members) => {
        const actor = c.var.session.user;
        // Who may not remove others does not learn by it who is in.
        assertMayRemove(members, actor, c.req.param('userId'));
        const target = memberWithId(members, c.req.param('userId'));
        assertOwnerRemains(members, target.userId, 'gone');
        await removeMember(transaction, document, target.userId);
        return target.userId;
      });
      await announce(deps, { kind: 'access-changed', document, user });
      return c.body(null, 204);
    });
}
