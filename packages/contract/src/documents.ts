// REST shapes of documents, their members and their tickets.
import { z } from 'zod';
import { Email } from './accounts.ts';
import type { DocumentId, UserId } from './ids.ts';
import { Role } from './roles.ts';
import { isStorable, isUnicode, NOT_TEXT, toLineFeeds } from './text.ts';

export const UNTITLED = 'Untitled';
export const PLAIN_TEXT = 'plaintext';

export const DocumentTitle = z
  .string()
  .trim()
  .min(1, 'Enter a title.')
  .max(200, 'A title has at most 200 characters.')
  .refine(isStorable, NOT_TEXT);

/** A Monaco language id. */
export const Language = z.string().regex(/^[a-z0-9][a-z0-9.+#-]{0,39}$/, 'That is not a language id.');

export const CreateDocumentRequest = z.object({
  title: DocumentTitle.default(UNTITLED),
  language: Language.default(PLAIN_TEXT),
  content: z.string().refine(isUnicode, NOT_TEXT).transform(toLineFeeds).optional(),
});
export type CreateDocumentRequest = z.input<typeof CreateDocumentRequest>;

export const UpdateDocumentRequest = z
  .object({ title: DocumentTitle.optional(), language: Language.optional() })
  .refine((body) => body.title !== undefined || body.language !== undefined, 'Nothing to change.');
export type UpdateDocumentRequest = z.input<typeof UpdateDocumentRequest>;

export const DocumentFilter = z.enum(['all', 'owned', 'shared', 'trash']);
export type DocumentFilter = z.infer<typeof DocumentFilter>;

export const ListDocumentsQuery = z.object({
  q: z.string().trim().max(200).refine(isStorable, NOT_TEXT).optional(),
  filter: DocumentFilter.default('all'),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(200).optional(),
});
export type ListDocumentsQuery = z.input<typeof ListDocumentsQuery>;

/** Times are ISO 8601 in UTC. */
export interface DocumentResponse {
  readonly id: DocumentId;
  readonly title: string;
  readonly language: string;
  /** The role of the person who asks. */
  readonly role: Role;
  readonly ownerId: UserId;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Only in the trash. */
  readonly deletedAt?: string | undefined;
}

export interface DocumentListResponse {
  readonly items: readonly DocumentResponse[];
  readonly nextCursor: string | null;
}

export const PutMemberRequest = z.object({ email: Email, role: Role });
export type PutMemberRequest = z.input<typeof PutMemberRequest>;

export const PatchMemberRequest = z.object({ role: Role });
export type PatchMemberRequest = z.infer<typeof PatchMemberRequest>;

export interface MemberResponse {
  readonly userId: UserId;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
}

export interface MemberListResponse {
  readonly items: readonly MemberResponse[];
}

export interface TicketResponse {
  readonly ticket: string;
  readonly expiresAt: string;
}
