// Tells whether what a step was made from has changed since: a hash of names and contents, written down when the step is done.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @param {string} root
 * @param {readonly string[]} files relative to the root
 */
export function hashOf(root, files) {
  // What was installed or built for another machine is no use, should they share the folder.
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of files) {
    const content = readFileSync(join(root, file));
    hash.update(`\n${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/**
 * All files below a folder, in a fixed order, without those whose path an expression excludes.
 * @param {string} root
 * @param {string} folder relative to the root
 * @param {RegExp} excluded
 * @returns {string[]} relative to the root
 */
export function filesBelow(root, folder, excluded) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries
    .filter((entry) => !excluded.test(`${folder}/${entry.name}`))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(root, path, excluded) : [path];
    });
}

/** @param {string} file */
export function readStamp(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/**
 * @param {string} file
 * @param {string} hash
 */
export function writeStamp(file, hash) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, hash);
  renameSync(draft, file);
}
