// A CodeSync installation over a database and ports in memory, as the importer is handed it, and a look at what it holds.
import { newUserId, TEXT_NAME, type DocumentId } from '@codesync/contract';
import { createDocumentAccess, createSnapshotCommits } from '@codesync/database';
import { openTestDatabase } from '@codesync/database/testing';
import type { Platform } from '@codesync/runtime';
import { createSnapshotStore, readDocument, silentLogger, systemClock } from '@codesync/storage';
import {
  createMemoryLeases,
  createMemoryNotices,
  createMemoryObjectStore,
  createMemoryUpdateLog,
} from '@codesync/storage/memory';
import * as Y from 'yjs';
import type { Owner } from '../src/destination.ts';

export type Installation = Awaited<ReturnType<typeof openInstallation>>;

export async function openInstallation() {
  const database = await openTestDatabase();
  const clock = systemClock;
  const log = createMemoryUpdateLog();
  const commits = createSnapshotCommits(database.db);
  const deps = {
    database: database.db,
    log,
    snapshots: createSnapshotStore({ objects: createMemoryObjectStore(), commits, clock }),
    notices: createMemoryNotices(),
    leases: createMemoryLeases({ clock }),
    access: createDocumentAccess(database.db),
    clock,
    logger: silentLogger,
  };

  return {
    deps,
    empty: () => database.empty(),
    close: () => database.close(),
    /** Somebody edits it in CodeSync. */
    async type(id: DocumentId, edit: (text: Y.Text) => void): Promise<void> {
      const doc = await loadDocument(id, deps);
      const updates: Uint8Array[] = [];
      doc.on('update', (update: Uint8Array) => updates.push(update));
      edit(doc.getText(TEXT_NAME));
      await log.append(id, updates);
    },
  };
}

export async function addUser(database: Platform['database'], email: string): Promise<Owner> {
  const id = newUserId();
  await database
    .insertInto('users')
    .values({ id, email, name: 'Ana', password_hash: 'none', created_at: new Date(0) })
    .execute();
  return { id, email };
}

export async function loadDocument(
  id: DocumentId,
  { log, snapshots }: Pick<Platform, 'log' | 'snapshots'>,
): Promise<Y.Doc> {
  const { snapshot, tail } = await readDocument(id, log, snapshots);
  const doc = new Y.Doc();
  if (snapshot !== undefined) Y.applyUpdate(doc, snapshot.state.update);
  for (const { updates } of tail) for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

export function textOf(doc: Y.Doc): string {
  return doc.getText(TEXT_NAME).toString();
}
