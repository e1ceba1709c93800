// Why a socket was closed. 4400-4499: don't come back. Everything else is transient: come back with jitter.
import type { FailureCode } from './failure.ts';

export const CLOSE = {
  /** The document cannot be served although it exists: a snapshot is missing or damaged (R3). */
  internal: 1011,
  /** This task is shutting down (R20). */
  restarting: 1012,
  /** Busy, behind, too fast, or the role changed for a client that does not know our messages. */
  tryAgain: 1013,
  malformed: 4400,
  notSignedIn: 4401,
  noAccess: 4403,
  notFound: 4404,
  tooLarge: 4413,
  /** A part that this socket needs (log, database) is down (R15). */
  unavailable: 4503,
} as const;

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** Whether a client must stop trying. The range is y-websocket's own. */
export function isPermanent(code: number): boolean {
  return code >= 4400 && code <= 4499;
}

/** The close code that says the same as an HTTP failure. */
export function closeCodeOf(code: FailureCode): CloseCode {
  switch (code) {
    case 'bad_json':
    case 'bad_request':
    case 'invalid':
      return CLOSE.malformed;
    case 'not_signed_in':
    case 'wrong_credentials':
      return CLOSE.notSignedIn;
    case 'no_access':
    case 'not_allowed':
    case 'foreign_origin':
      return CLOSE.noAccess;
    case 'not_found':
    case 'document_not_found':
    case 'user_not_found':
      return CLOSE.notFound;
    case 'too_large':
      return CLOSE.tooLarge;
    case 'unavailable':
      return CLOSE.unavailable;
    case 'email_taken':
    case 'last_owner':
    case 'conflict':
    case 'too_many_requests':
      return CLOSE.tryAgain;
    case 'internal':
      return CLOSE.internal;
  }
}
