// One list becomes one document, or what is new in it an edit of that document. Safe to repeat, after a crash and at the same time.
import type { DocumentId } from '@codesync/contract';
import type { Platform } from '@codesync/runtime';
import type * as Y from 'yjs';
import { convert } from './conversion.ts';
import { insertDocument, readExisting, type Owner } from './destination.ts';
import { documentIdOf, languageOf, titleOf } from './document-name.ts';
import { mergeList } from './source-document.ts';
import type { SourceList } from './source-lists.ts';
import { inTurn } from './turn.ts';

/** imported: as a new document, or as one that an interrupted import had begun. there: the list holds nothing new. */
export interface Outcome {
  readonly kind: 'imported' | 'updated' | 'there';
  /** What a person should know who expects it to be the same. */
  readonly notes: readonly string[];
}

export interface ImportOptions {
  readonly owner: Owner;
  /** The root that holds the text; undefined: found out for each document. */
  readonly text: string | undefined;
  /** Says what would happen, and writes nothing. */
  readonly dryRun: boolean;
}

export type ImportDeps = Pick<
  Platform,
  'database' | 'log' | 'snapshots' | 'notices' | 'leases' | 'access' | 'clock' | 'logger'
>;

/** Throws Unimportable for a reason that lies in the list or in its document. Anything else that is thrown concerns all lists. */
export async function importList(list: SourceList, deps: ImportDeps, options: ImportOptions): Promise<Outcome> {
  const source = await mergeList(list.pages());
  const work = () => importDocument(list.name, source, deps, options);
  return options.dryRun ? work() : inTurn(documentIdOf(list.name, options.owner.email), deps, work);
}

async function importDocument(name: string, source: Y.Doc, deps: ImportDeps, options: ImportOptions): Promise<Outcome> {
  const { owner, text, dryRun } = options;
  const id = documentIdOf(name, owner.email);
  const { exists, trashed, unsaved, doc } = await readExisting(deps, id);
  if (trashed) return { kind: 'there', notes: ['it is in the trash'] };
  const isNew = !exists || doc.store.clients.size === 0;
  const { update, notes } = convert(source, doc, text);
  const kind = exists && update === undefined ? 'there' : isNew ? 'imported' : 'updated';
  if (dryRun) return { kind, notes };

  // The row first: text without a row belongs to nobody, while a row without its text is completed by the next run.
  if (!exists) await insertDocument(deps, { id, title: titleOf(name), language: languageOf(name) }, owner.id);
  if (update !== undefined) {
    await deps.log.append(id, [update]);
    if (exists) await deps.access.touch(id, deps.clock.now());
  }
  // A run that died after its append has not said so either.
  if (update !== undefined || unsaved) await announce(id, deps);
  return { kind, notes };
}

/** A snapshotter that hears it writes the text down for good; one that does not finds it in the log at its next start. */
async function announce(document: DocumentId, { notices, logger }: ImportDeps): Promise<void> {
  await notices.publish({ kind: 'edited', document }).catch((error: unknown) => {
    logger.warn({ error, document }, 'an imported text was not announced');
  });
}
