// The CodeSync installation that documents are imported into.
import type { DocumentId, UserId } from '@codesync/contract';
import { Email } from '@codesync/contract';
import { openPlatform, readConfig, createLogger, StartFailure, type Platform } from '@codesync/runtime';
import { LogGap, readDocument, SnapshotDamaged } from '@codesync/storage';
import { stat } from 'node:fs/promises';
import * as Y from 'yjs';
import { Unimportable } from './unimportable.ts';

/** An embedded one's folder, or the production one that the environment names. Throws StartFailure. */
export async function openDestination(data: string | undefined): Promise<Platform> {
  if (data === undefined) {
    const config = readConfig('api');
    return openPlatform(config, createLogger(config.logLevel));
  }
  // Opening makes what is not there, and a mistyped name would become an empty installation.
  const found = await stat(data).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new StartFailure(`There is no data folder ${data}.`);
  const config = readConfig('embedded', { CODESYNC_DATA: data });
  return openPlatform(config, createLogger(config.logLevel));
}

export interface Owner {
  readonly id: UserId;
  /** As accounts are compared: in lower case. */
  readonly email: string;
}

/** Throws StartFailure when nobody has that address. */
export async function findOwner({ database }: Pick<Platform, 'database'>, email: string): Promise<Owner> {
  const address = Email.safeParse(email);
  const user =
    address.success &&
    (await database.selectFrom('users').where('email', '=', address.data).select(['id', 'email']).executeTakeFirst());
  if (!user) throw new StartFailure(`Nobody has the e-mail address ${email}: the owner registers first.`);
  return user;
}

export interface Existing {
  /** There is a document of this id. */
  readonly exists: boolean;
  readonly trashed: boolean;
  /** What log and snapshot hold, merged; empty when there is nothing. */
  readonly doc: Y.Doc;
  /** Some of it is in the log alone. */
  readonly unsaved: boolean;
}

/** Throws Unimportable when it is not whole. */
export async function readExisting(
  { database, log, snapshots }: Pick<Platform, 'database' | 'log' | 'snapshots'>,
  document: DocumentId,
): Promise<Existing> {
  const row = await database.selectFrom('documents').where('id', '=', document).select('deleted_at').executeTakeFirst();
  const { snapshot, tail } = await readDocument(document, log, snapshots).catch((error: unknown) => {
    if (!(error instanceof LogGap || error instanceof SnapshotDamaged)) throw error;
    throw new Unimportable(error.message, { cause: error });
  });
  const doc = new Y.Doc();
  doc.transact(() => {
    if (snapshot !== undefined) Y.applyUpdate(doc, snapshot.state.update);
    for (const { updates } of tail) for (const update of updates) Y.applyUpdate(doc, update);
  });
  return {
    exists: row !== undefined,
    trashed: row !== undefined && row.deleted_at !== null,
    doc,
    unsaved: tail.length > 0,
  };
}

/** The document's row and its owner, both or neither; another import may have been faster. */
export async function insertDocument(
  { database, clock }: Pick<Platform, 'database' | 'clock'>,
  document: { readonly id: DocumentId; readonly title: string; readonly language: string },
  owner: UserId,
): Promise<void> {
  const now = new Date(clock.now());
  await database.transaction().execute(async (transaction) => {
    const inserted = await transaction
      .insertInto('documents')
      .values({ ...document, created_by: owner, created_at: now, updated_at: now, deleted_at: null })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst();
    // Who owns one that is there is not ours to change.
    if (inserted === undefined) return;
    await transaction
      .insertInto('members')
      .values({ document_id: document.id, user_id: owner, role: 'owner', added_at: now })
      .execute();
  });
}
