// Names of things: branded so that one kind of id is never passed where another belongs. All are random UUIDs, unguessable.
import { z } from 'zod';

/**
 * One spelling an id: Postgres takes capitals for the same id, the log's keys do not, and a document that is open under both
 * would be two documents.
 */
const Uuid = z.uuid().lowercase();

/** A person's account. */
export const UserId = Uuid.brand('UserId');
export type UserId = z.infer<typeof UserId>;

/** One collaborative text; also the name of its room and the last segment of its socket's address. */
export const DocumentId = Uuid.brand('DocumentId');
export type DocumentId = z.infer<typeof DocumentId>;

/** One sign-in on one device: what a token stands for and what signing out ends. */
export const SessionId = Uuid.brand('SessionId');
export type SessionId = z.infer<typeof SessionId>;

/** One immutable saved state of a document. */
export const SnapshotId = Uuid.brand('SnapshotId');
export type SnapshotId = z.infer<typeof SnapshotId>;

export const newUserId = (): UserId => UserId.parse(crypto.randomUUID());
export const newDocumentId = (): DocumentId => DocumentId.parse(crypto.randomUUID());
export const newSessionId = (): SessionId => SessionId.parse(crypto.randomUUID());
export const newSnapshotId = (): SnapshotId => SnapshotId.parse(crypto.randomUUID());
