// What one message on the notices' channel holds: a JSON list of notices. What cannot be read in it is left out.
import { DocumentId, SessionId, UserId } from '@codesync/contract';
import { parseCursor } from '../cursor.ts';
import type { Notice } from '../notices.ts';

export function encodeNotices(notices: readonly Notice[]): string {
  return JSON.stringify(notices);
}

/** `unread` counts what is no notice, or one of a kind that a newer version of CodeSync made. */
export function decodeNotices(message: string): { readonly notices: readonly Notice[]; readonly unread: number } {
  const values = parseList(message);
  if (values === undefined) return { notices: [], unread: 1 };
  const notices = values.flatMap((value) => decodeNotice(value) ?? []);
  return { notices, unread: values.length - notices.length };
}

function parseList(message: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function decodeNotice(value: unknown): Notice | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, document, user, session, cursor, previous } = value as Readonly<Record<string, unknown>>;
  try {
    switch (kind) {
      case 'access-changed':
        return { kind, document: DocumentId.parse(document), user: UserId.parse(user) };
      case 'document-gone':
      case 'edited':
        return { kind, document: DocumentId.parse(document) };
      case 'session-ended':
        return { kind, session: SessionId.parse(session) };
      case 'saved':
        return {
          kind,
          document: DocumentId.parse(document),
          cursor: parseCursor(String(cursor)),
          previous: typeof previous === 'string' ? parseCursor(previous) : undefined,
        };
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}
