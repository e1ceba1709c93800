// Tickets: a minute in which a client without cookies may open one document's socket.
import { TICKET_SECONDS, type TicketResponse } from '@codesync/contract';
import { Hono } from 'hono';
import type { ApiDeps } from '../deps.ts';
import { may } from '../documents/policy.ts';
import type { RequestEnv } from '../http/env.ts';
import { signedIn } from '../http/session.ts';

export function ticketRoutes(deps: ApiDeps) {
  const { tokens, clock } = deps;
  return new Hono<RequestEnv>().post('/:id/tickets', signedIn(deps), may('connect', deps), (c) => {
    const { session, document } = c.var;
    const claims = { kind: 'ticket', sub: session.user, sid: session.id, doc: document.id } as const;
    const expiresAt = new Date(clock.now() + TICKET_SECONDS * 1000).toISOString();
    return c.json<TicketResponse, 201>({ ticket: tokens.sign(claims, TICKET_SECONDS), expiresAt }, 201);
  });
}
