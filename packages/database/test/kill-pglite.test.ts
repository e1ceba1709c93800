// kill -9 at random moments: what PGlite acknowledged to a process outlives it.
import { newDocumentId, type DocumentId } from '@codesync/contract';
import { createSnapshotCommits, migrateToLatest, openPGlite } from '@codesync/database';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { insertDocument } from './rows.ts';

const ROUNDS = 6;
const WRITER = fileURLToPath(new URL('commit-until-killed.ts', import.meta.url));

it(`R1: every acknowledged commit is there after kill -9, in its order, ${ROUNDS} times on one folder`, async () => {
  const parent = await mkdtemp(join(tmpdir(), 'codesync-killed-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const folder = join(parent, 'database');
  const first = await openPGlite(folder);
  await migrateToLatest(first.db);
  const document = await insertDocument(first.db);
  await first.close();

  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const killAfter = 1 + Math.floor(Math.random() * 400);
    acknowledged.push(...(await commitUntilKilled(folder, document, killAfter)));

    const database = await openPGlite(folder);
    const rows = await createSnapshotCommits(database.db).list(document, 100_000);
    const found = rows.map((row) => row.id as string).toReversed();
    // One more may have been committed and not yet said: then the next round builds on it.
    const last = found.at(-1);
    if (found.length === acknowledged.length + 1 && last !== undefined) acknowledged.push(last);
    expect(found, `round ${round}, killed after ${killAfter}`).toEqual(acknowledged);
    expect((await createSnapshotCommits(database.db).head(document))?.id).toBe(last);
    await database.close();
  }
}, 120_000);

/** The ids that it had been told were committed when it died. */
async function commitUntilKilled(folder: string, document: DocumentId, killAfter: number): Promise<string[]> {
  const writer = spawn(process.execPath, [WRITER, folder, document], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(writer, 'exit');
  let complaint = '';
  writer.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const said: string[] = [];
  for await (const line of createInterface(writer.stdout)) {
    said.push(line);
    if (said.length === killAfter) writer.kill('SIGKILL');
  }
  const [, signal] = (await exited) as [number | null, string | null];
  expect({ signal, complaint }).toEqual({ signal: 'SIGKILL', complaint: '' });
  return said;
}

it('a start that is killed while the database is being made leaves nothing that the next start trips over', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'codesync-killed-'));
  onTestFinished(() => rm(parent, { recursive: true }));
  const folder = join(parent, 'database');
  for (const milliseconds of [300, 1_200]) {
    const writer = spawn(process.execPath, [WRITER, folder, newDocumentId()], {
      stdio: 'ignore',
      timeout: milliseconds,
      killSignal: 'SIGKILL',
    });
    await once(writer, 'exit');
  }
  const database = await openPGlite(folder);
  await migrateToLatest(database.db);
  await insertDocument(database.db);
  await database.close();
}, 60_000);
