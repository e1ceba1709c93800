// One run of the importer within this process, and what it told.
import type { Address } from '@codesync/backends';
import type { ImportDeps, ImportOptions } from '../src/import-list.ts';
import { importLists } from '../src/import-lists.ts';
import { openSourceLists, type SourceLists } from '../src/source-lists.ts';

export type RunOptions = Pick<ImportOptions, 'owner'> & Partial<ImportOptions> & { readonly prefix?: string };

export async function runImport(source: Address, deps: ImportDeps, options: RunOptions) {
  const lists = await openSourceLists(`redis://${source.host}:${source.port}`);
  try {
    return await importFrom(lists, deps, options);
  } finally {
    lists.close();
  }
}

export async function importFrom(lists: SourceLists, deps: ImportDeps, options: RunOptions) {
  const told: string[] = [];
  let summary = '';
  const complete = await importLists(
    lists,
    deps,
    { prefix: '', text: undefined, dryRun: false, ...options },
    {
      tell: (line) => told.push(line),
      conclude: (line) => {
        summary = line;
      },
    },
  );
  return { complete, told, summary };
}
