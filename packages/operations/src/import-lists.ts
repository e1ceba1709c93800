// All lists, one after the other: what lies in one of them is told and does not stop the others.
import { StartFailure } from '@codesync/runtime';
import { importList, type ImportDeps, type ImportOptions, type Outcome } from './import-list.ts';
import type { SourceLists } from './source-lists.ts';
import { createTally } from './tally.ts';
import { Unimportable } from './unimportable.ts';

export interface ImportReport {
  /** What a person should see at once. */
  tell(line: string): void;
  /** The one line at the end. */
  conclude(line: string): void;
}

/** Between two lines that say how far it is, in milliseconds. */
const PACE = 5_000;

/** false: some lists were skipped. Throws StartFailure when source or destination fails; what was imported until then stays. */
export async function importLists(
  source: SourceLists,
  deps: ImportDeps,
  options: ImportOptions & { readonly prefix: string },
  report: ImportReport,
): Promise<boolean> {
  const { clock, logger } = deps;
  const tally = createTally();
  let told = clock.now();
  try {
    for await (const list of source.lists(options.prefix)) {
      const name = JSON.stringify(list.name);
      try {
        const { kind, notes } = await importList(list, deps, options);
        tally.count(kind);
        if (notes.length > 0) report.tell(`${name} ${WORDS[kind]}: ${notes.join('; ')}.`);
      } catch (error) {
        if (!(error instanceof Unimportable)) throw error;
        tally.count('skipped');
        report.tell(`${name} skipped: ${error.message}.`);
      }
      if (clock.now() - told < PACE) continue;
      told = clock.now();
      report.tell(`${tally.toString()} until now`);
    }
  } catch (error) {
    logger.error({ error }, 'an import stopped');
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartFailure(`Stopped after ${tally.toString()}; another run goes on from there. ${reason}`, {
      cause: error,
    });
  }
  report.conclude(`${options.dryRun ? 'Dry run, nothing was written: ' : ''}${tally.toString()}.`);
  return !tally.incomplete;
}

const WORDS: Readonly<Record<Outcome['kind'], string>> = {
  imported: 'imported',
  updated: 'updated',
  there: 'already there',
};
