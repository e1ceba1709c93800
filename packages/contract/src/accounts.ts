// REST shapes of accounts and sessions.
import { z } from 'zod';
import type { UserId } from './ids.ts';
import { isStorable, NOT_TEXT } from './text.ts';

/** Trimmed; compared without case, so it is kept in lower case. */
export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email('Enter an e-mail address.'));

export const DisplayName = z
  .string()
  .trim()
  .min(1, 'Enter a name.')
  .max(80, 'A name has at most 80 characters.')
  .refine(isStorable, NOT_TEXT);

export const Password = z
  .string()
  .min(8, 'A password has at least 8 characters.')
  .max(200, 'A password has at most 200 characters.');

export const RegisterRequest = z.object({ email: Email, password: Password, name: DisplayName });
export type RegisterRequest = z.infer<typeof RegisterRequest>;

/** Not validated as at registration: a wrong password is wrong, not malformed. */
export const LoginRequest = z.object({
  email: z.string().trim().toLowerCase().max(254).refine(isStorable, NOT_TEXT),
  password: z.string().max(200),
});
export type LoginRequest = z.infer<typeof LoginRequest>;

export interface User {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
}

export interface SessionResponse {
  readonly user: User;
  /** The JWT that the cookie holds as well. */
  readonly token: string;
}

export interface MeResponse {
  readonly user: User;
}
