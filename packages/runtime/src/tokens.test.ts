import { newDocumentId, newSessionId, newUserId, type SessionClaims, type TicketClaims } from '@codesync/contract';
import { createFakeClock } from '@codesync/storage/memory';
import * as fc from 'fast-check';
import jwt from 'jsonwebtoken';
import { describe, expect, it } from 'vitest';
import { createTokens } from './tokens.ts';

const session: SessionClaims = { kind: 'session', sub: newUserId(), sid: newSessionId() };
const ticket: TicketClaims = { kind: 'ticket', sub: newUserId(), sid: newSessionId(), doc: newDocumentId() };
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

function setup(secrets = ['first']) {
  const clock = createFakeClock();
  return { clock, tokens: createTokens(secrets, clock) };
}

describe('createTokens', () => {
  it.each([session, ticket])('verifies the $kind that it signed', (claims) => {
    const { tokens } = setup();
    expect(tokens.verify(tokens.sign(claims, 60))).toEqual(claims);
  });

  it('a token ends by the handed clock, to the second', async () => {
    const { clock, tokens } = setup();
    const token = tokens.sign(ticket, 60);
    await clock.advance(59_000);
    expect(tokens.verify(token)).toEqual(ticket);
    await clock.advance(1000);
    expect(tokens.verify(token)).toBeUndefined();
  });

  it('the first secret signs and every secret verifies', () => {
    const { tokens: old } = setup(['old']);
    const { tokens: both } = setup(['new', 'old']);
    const { tokens: fresh } = setup(['new']);
    expect(both.verify(old.sign(session, 60))).toEqual(session);
    expect(fresh.verify(both.sign(session, 60))).toEqual(session);
    expect(old.verify(both.sign(session, 60))).toBeUndefined();
  });

  it('a token without a signature, or signed another way, is nobody’s', () => {
    const { clock, tokens } = setup();
    const exp = Math.floor(clock.now() / 1000) + 60;
    const unsigned = `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded({ ...session, exp })}.`;
    expect(tokens.verify(unsigned)).toBeUndefined();
    expect(tokens.verify(jwt.sign({ ...session, exp }, 'first', { algorithm: 'HS512' }))).toBeUndefined();
  });

  it('a well-signed token of another shape, or without an end, is refused', () => {
    const { clock, tokens } = setup();
    const exp = Math.floor(clock.now() / 1000) + 60;
    const iat = Math.floor(clock.now() / 1000);
    const signed = (claims: object) => tokens.verify(jwt.sign({ iat, ...claims }, 'first'));
    expect(signed({ ...session, exp })).toEqual(session);
    expect(signed(session)).toBeUndefined();
    expect(signed({ ...session, exp, kind: 'admin' })).toBeUndefined();
    expect(signed({ ...session, exp, sub: 'somebody' })).toBeUndefined();
    expect(signed({ kind: 'ticket', sub: ticket.sub, sid: ticket.sid, exp })).toBeUndefined();
  });

  it('a changed token is refused', () => {
    const { tokens } = setup();
    const [header, , signature] = tokens.sign(session, 60).split('.');
    const stolen = encoded({ ...session, sub: newUserId(), exp: 4e9 });
    expect(tokens.verify(`${header}.${stolen}.${signature}`)).toBeUndefined();
  });

  it('never throws, whatever it is given', () => {
    const { tokens } = setup();
    const segment = fc.oneof(fc.base64String(), fc.string(), fc.json());
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(segment, { maxLength: 4 }).map((parts) => parts.join('.')),
        ),
        (text) => {
          expect(tokens.verify(text)).toBeUndefined();
        },
      ),
    );
  });
});
