// What a signed token says, and the port that signs and verifies it (JWT; the secrets stay with the adapter).
import { z } from 'zod';
import { DocumentId, SessionId, UserId } from './ids.ts';

/** Stands for a session; accepted by the API (cookie or Bearer) and by sockets. */
export const SessionClaims = z.object({ kind: z.literal('session'), sub: UserId, sid: SessionId });
export type SessionClaims = z.infer<typeof SessionClaims>;

/** Opens one document's socket within a minute; not a session. Dead with the session that it was made in. */
export const TicketClaims = z.object({ kind: z.literal('ticket'), sub: UserId, sid: SessionId, doc: DocumentId });
export type TicketClaims = z.infer<typeof TicketClaims>;

export const TokenClaims = z.discriminatedUnion('kind', [SessionClaims, TicketClaims]);
export type TokenClaims = z.infer<typeof TokenClaims>;

export const SESSION_SECONDS = 24 * 60 * 60;
export const TICKET_SECONDS = 60;
export const SESSION_COOKIE = 'codesync_session';

export interface Tokens {
  /** A compact JWT that is valid for `seconds` from now. */
  sign(claims: TokenClaims, seconds: number): string;
  /** The claims of a token that we signed and that has not expired; undefined for anything else. Never throws. */
  verify(token: string): TokenClaims | undefined;
}
