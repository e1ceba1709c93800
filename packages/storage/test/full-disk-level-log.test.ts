// A disk that is full for a while: appends reject, then work again, and nothing that was acked is lost.
import { newDocumentId } from '@codesync/contract';
import { START } from '@codesync/storage';
import { openLevelUpdateLog } from '@codesync/storage/level';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const run = promisify(execFile);
const WRITER = fileURLToPath(new URL('append-until-full.ts', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codesync-full-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('R1: writes that fail half way reject, and take nothing with them that is acked before or after', async () => {
  const document = newDocumentId();
  // About 1 MB a file, by the unit of the shell: reached by LevelDB's journal, which would grow to 4 MB.
  const limited = ['-c', 'ulimit -f 2000 && exec "$0" "$@"', process.execPath, WRITER, folder, document];
  const { stdout, stderr } = await run('sh', limited, { maxBuffer: 10_000_000 });
  const { acked, failures } = JSON.parse(stdout) as { acked: string[]; failures: number };
  expect(failures).toBe(3);
  expect(stderr).toMatch(/too large/i);

  const log = await openLevelUpdateLog(folder);
  const { entries } = await log.read(document, START, Infinity);
  const found = entries.map((entry) => new TextDecoder().decode(entry.updates[0]).replace(/x+$/, ''));
  // What rejected may be there as well.
  expect(found.filter((text) => acked.includes(text))).toEqual(acked);
  expect(found.length - acked.length).toBeLessThanOrEqual(failures);
  await log.close();
}, 60_000);
