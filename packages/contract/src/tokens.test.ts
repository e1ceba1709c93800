import { expect, it } from 'vitest';
import { newDocumentId, newSessionId, newUserId } from './ids.ts';
import { SessionClaims, TicketClaims, TokenClaims } from './tokens.ts';

const session = { kind: 'session', sub: newUserId(), sid: newSessionId() };
const ticket = { ...session, kind: 'ticket', doc: newDocumentId() };

it('claims are a session’s or a ticket’s, and one never passes for the other', () => {
  expect(TokenClaims.parse(session)).toEqual(session);
  expect(TokenClaims.parse(ticket)).toEqual(ticket);
  expect(SessionClaims.safeParse(ticket).success).toBe(false);
  expect(TicketClaims.safeParse(session).success).toBe(false);
  expect(TokenClaims.safeParse({ ...ticket, doc: undefined }).success).toBe(false);
});

it('what a token says besides, as its times, is left out', () => {
  expect(TokenClaims.parse({ ...session, iat: 1, exp: 2 })).toEqual(session);
});

it.each([
  {},
  { kind: 'admin' },
  { ...session, sub: 'ann' },
  { ...session, sid: 7 },
  { ...session, kind: undefined },
  null,
  'x',
])('%j are no claims', (claims) => {
  expect(TokenClaims.safeParse(claims).success).toBe(false);
});
