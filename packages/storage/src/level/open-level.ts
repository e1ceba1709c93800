// Opens a LevelDB folder, or says in one sentence why not. Nothing is repaired: LevelDB's repair drops what it cannot read.
import { ClassicLevel } from 'classic-level';
import { readdir } from 'node:fs/promises';
import { errorCode } from '../error-code.ts';

export type Level = ClassicLevel<string, Uint8Array>;
export type LevelSnapshot = ReturnType<Level['snapshot']>;

/** Rejects with a sentence that names the folder: in use, damaged, or not writable. */
export async function openLevel(folder: string): Promise<Level> {
  await refuseHeadless(folder);
  const level: Level = new ClassicLevel(folder, { keyEncoding: 'utf8', valueEncoding: 'view' });
  try {
    await level.open();
  } catch (error) {
    throw new Error(sentence(folder, error), { cause: error });
  }
  return level;
}

/**
 * LevelDB takes a folder without the file CURRENT for a new one and deletes the tables that it finds there. Without tables and
 * logs there is nothing to lose: that is a first start that was killed.
 */
async function refuseHeadless(folder: string): Promise<void> {
  const names = await namesIn(folder);
  if (names.includes('CURRENT') || !names.some((name) => /\.(ldb|sst|log)$/.test(name))) return;
  throw new Error(`The update log in ${folder} is damaged: its file CURRENT is missing. Nothing was changed.`);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw new Error(sentence(folder, error), { cause: error });
  }
}

function sentence(folder: string, error: unknown): string {
  // classic-level wraps the reason.
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const message = reason instanceof Error ? reason.message : String(reason);
  const code = errorCode(reason);
  if (code === 'LEVEL_LOCKED') return `The update log in ${folder} is in use by another process.`;
  if (code === 'LEVEL_CORRUPTION') return `The update log in ${folder} is damaged (${message}). Nothing was changed.`;
  return `The update log in ${folder} cannot be opened: ${message}.`;
}
