// Who may open a document's socket: the request, its token, the session behind it and the person's access, or the close code that says why not.
import {
  CLOSE,
  CODESYNC_PARAMETER,
  DocumentId,
  SESSION_COOKIE,
  type CloseCode,
  type Role,
  type SessionId,
  type Tokens,
  type UserId,
} from '@codesync/contract';
import type { Clock, DocumentAccess, Logger, SessionStore } from '@codesync/storage';
import type { IncomingMessage } from 'node:http';

/** What a client asks for when it opens a socket. */
export interface SocketRequest {
  /** undefined: the address names no document. */
  readonly document: DocumentId | undefined;
  readonly token: string | undefined;
  /** Only browsers send one. */
  readonly origin: string | undefined;
  readonly speaksCodesync: boolean;
}

export interface Admitted {
  readonly document: DocumentId;
  readonly user: { readonly id: UserId; readonly name: string };
  readonly role: Role;
  readonly generation: string;
  /** The session that the socket ends with; none for a ticket: what it opened stays. */
  readonly session: SessionId | undefined;
}

interface Refused {
  readonly code: CloseCode;
  readonly reason: string;
}

export type Verdict =
  | { readonly kind: 'admitted'; readonly admitted: Admitted }
  | { readonly kind: 'refused'; readonly refused: Refused };

export interface Admission {
  /** Never rejects: what cannot be asked is refused with a transient code (R15). */
  admit(request: SocketRequest): Promise<Verdict>;
  /** The same person again, whose access or session may have changed. Never rejects either. */
  review(admitted: Admitted): Promise<Verdict>;
}

/** Where sockets are. */
const PATH = /^\/socket\/([^/]+)$/;

export function readSocketRequest(request: Pick<IncomingMessage, 'url' | 'headers'>): SocketRequest {
  // Only the path and the query count; the base is never used.
  const url = URL.canParse(request.url ?? '', 'ws://host') ? new URL(request.url ?? '', 'ws://host') : undefined;
  const name = DocumentId.safeParse(PATH.exec(url?.pathname ?? '')?.[1]);
  return {
    document: name.success ? name.data : undefined,
    token: url?.searchParams.get('token') ?? cookie(request.headers.cookie, SESSION_COOKIE),
    origin: request.headers.origin,
    speaksCodesync: url?.searchParams.get(CODESYNC_PARAMETER) === '1',
  };
}

function cookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}

export function createAdmission(deps: {
  tokens: Pick<Tokens, 'verify'>;
  sessions: Pick<SessionStore, 'find'>;
  access: Pick<DocumentAccess, 'find'>;
  clock: Clock;
  logger: Logger;
  isAllowedOrigin(origin: string): boolean;
}): Admission {
  const { tokens, sessions, access, clock, logger } = deps;

  async function judge(request: SocketRequest): Promise<Verdict> {
    const { document, token, origin } = request;
    if (origin !== undefined && !deps.isAllowedOrigin(origin)) return refuse(CLOSE.noAccess, 'foreign origin');
    const claims = token === undefined ? undefined : tokens.verify(token);
    if (claims === undefined) return refuse(CLOSE.notSignedIn, 'not signed in');
    if (document === undefined) return refuse(CLOSE.notFound, 'no such document');
    if (claims.kind === 'ticket' && claims.doc !== document) {
      return refuse(CLOSE.noAccess, 'a ticket for another document');
    }
    if ((await sessions.find(claims.sid, clock.now())) !== claims.sub) return refuse(CLOSE.notSignedIn, 'signed out');
    return look(document, claims.sub, claims.kind === 'session' ? claims.sid : undefined);
  }

  async function look(document: DocumentId, user: UserId, session: SessionId | undefined): Promise<Verdict> {
    const found = await access.find(document, user);
    switch (found.kind) {
      case 'granted': {
        const { role, generation } = found;
        return { kind: 'admitted', admitted: { document, user: found.user, role, generation, session } };
      }
      case 'no-access':
        return refuse(CLOSE.noAccess, 'no access');
      case 'not-found':
        return refuse(CLOSE.notFound, 'no such document');
    }
  }

  async function closedOnFailure(ask: () => Promise<Verdict>): Promise<Verdict> {
    try {
      return await ask();
    } catch (error) {
      logger.warn({ error }, 'access could not be asked');
      return refuse(CLOSE.unavailable, 'a part is down');
    }
  }

  return {
    admit: (request) => closedOnFailure(() => judge(request)),
    review: ({ document, user, session }) =>
      closedOnFailure(async () => {
        if (session !== undefined && (await sessions.find(session, clock.now())) !== user.id) {
          return refuse(CLOSE.notSignedIn, 'signed out');
        }
        return look(document, user.id, session);
      }),
  };
}

function refuse(code: CloseCode, reason: string): Verdict {
  return { kind: 'refused', refused: { code, reason } };
}
