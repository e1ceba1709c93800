// Signs and verifies the JWTs that sessions and tickets are: HS256, over secrets that only this file's caller knows.
import { TokenClaims, type Tokens } from '@codesync/contract';
import type { Clock } from '@codesync/storage';
import jwt from 'jsonwebtoken';

/** The first secret signs and all verify, so that a secret can be replaced while tokens of the old one live out their day. */
export function createTokens(secrets: readonly string[], clock: Clock): Tokens {
  const [signing] = secrets;
  if (signing === undefined) throw new Error('createTokens needs a secret');
  const seconds = () => Math.floor(clock.now() / 1000);

  return {
    sign(claims, lifetime) {
      const iat = seconds();
      return jwt.sign({ ...claims, iat, exp: iat + lifetime }, signing, { algorithm: 'HS256' });
    },

    verify(token) {
      for (const secret of secrets) {
        const payload = open(token, secret, seconds());
        // A token without an end would be valid for good: none of ours is.
        if (payload?.exp !== undefined) return TokenClaims.safeParse(payload).data;
      }
      return undefined;
    },
  };
}

function open(token: string, secret: string, now: number): jwt.JwtPayload | undefined {
  try {
    // Without the pinned algorithm the token itself would say how it is to be checked.
    const payload = jwt.verify(token, secret, { algorithms: ['HS256'], clockTimestamp: now });
    return typeof payload === 'string' ? undefined : payload;
  } catch {
    // Whatever is wrong with it, it is not a token of ours; callers are told that and no more.
    return undefined;
  }
}
