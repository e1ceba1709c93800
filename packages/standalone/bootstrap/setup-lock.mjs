// One set-up at a time in this folder. SQLite's lock on a file is the kernel's: it ends with the process, however that dies.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { say, stopped } from './step.mjs';

/** Milliseconds between two looks whether the other set-up has ended. */
const PAUSE = 200;

/** SQLITE_BUSY */
const BUSY = 5;

/**
 * Resolves, with what gives it back, when the lock is ours.
 * @param {string} root
 * @param {AbortSignal} signal
 */
export async function takeSetupLock(root, signal) {
  mkdirSync(join(root, '.node'), { recursive: true });
  const file = new DatabaseSync(join(root, '.node', 'setup.lock'), { timeout: 0 });
  for (let waited = 0; !tryLock(file); waited += PAUSE) {
    if (waited === 0) say('another set-up is under way in this folder; waiting for it …');
    await pause(PAUSE, undefined, { signal }).catch(() => {
      file.close();
      throw stopped();
    });
  }
  return () => file.close();
}

/** @param {DatabaseSync} file */
function tryLock(file) {
  try {
    file.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return false;
    throw error;
  }
}
