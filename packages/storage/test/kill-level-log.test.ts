// kill -9 at random moments: what LevelDB's log promised to a process outlives it.
import { newDocumentId, type DocumentId } from '@codesync/contract';
import { compareCursors, START, type Cursor, type LogEntry, type UpdateLog } from '@codesync/storage';
import { openLevelUpdateLog } from '@codesync/storage/level';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Promised } from './promises.ts';

const ROUNDS = 12;
const WRITER = fileURLToPath(new URL('append-until-killed.ts', import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codesync-killed-'));
});
afterEach(() => rm(folder, { recursive: true }));

it(`R1: every edit acked as logged is there after kill -9, ${ROUNDS} times on one folder`, async () => {
  const documents = [newDocumentId(), newDocumentId(), newDocumentId()];
  const promised: Promised[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Now and then while the process has hardly begun, or in the middle of its first trims.
    const killAfter = 1 + Math.floor(Math.random() ** 2 * 1_500);
    promised.push(...(await writeUntilKilled(documents, round, killAfter)));

    const log = await openLevelUpdateLog(folder);
    for (const document of documents)
      await expectKept(log, document, promised, `round ${round}, killed after ${killAfter}`);
    await log.close();
  }
  expect(promised.filter(({ kind }) => kind === 'appended').length).toBeGreaterThan(ROUNDS);
}, 120_000);

/** What it had been promised when it died. */
async function writeUntilKilled(
  documents: readonly DocumentId[],
  round: number,
  killAfter: number,
): Promise<Promised[]> {
  const writer = spawn(process.execPath, [WRITER, folder, `${round}`, ...documents], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(writer, 'exit');
  let complaint = '';
  writer.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const promised: Promised[] = [];
  for await (const line of createInterface(writer.stdout)) {
    promised.push(JSON.parse(line) as Promised);
    if (promised.length === killAfter) writer.kill('SIGKILL');
  }
  const [, signal] = (await exited) as [number | null, string | null];
  expect({ signal, complaint }).toEqual({ signal: 'SIGKILL', complaint: '' });
  return promised;
}

async function expectKept(
  log: UpdateLog,
  document: DocumentId,
  promised: readonly Promised[],
  when: string,
): Promise<void> {
  const ours = promised.filter((promise) => promise.document === document);
  const { entries, trimmedTo } = await readWhole(log, document);
  const found = new Map(entries.map((entry) => [entry.cursor, entry]));

  let last: Cursor = START;
  for (const promise of ours) {
    if (promise.kind === 'appended') {
      expect(compareCursors(promise.cursor, last), `${when}: cursors go up and are never given twice`).toBeGreaterThan(
        0,
      );
      last = promise.cursor;
      if (compareCursors(promise.cursor, trimmedTo) <= 0) continue;
      const text = new TextDecoder().decode(found.get(promise.cursor)?.updates[0]);
      expect({ text: text.slice(0, 40), length: text.length }, `${when}: ${promise.cursor}`).toEqual({
        text: promise.text,
        length: promise.length,
      });
    } else if (promise.kind === 'trimmed') {
      expect(compareCursors(trimmedTo, promise.cursor), `${when}: a trim stays`).toBeGreaterThanOrEqual(0);
    }
  }
  const asked = ours.filter(({ kind }) => kind === 'trimming').map(({ cursor }) => cursor);
  const furthest = asked.toSorted(compareCursors).at(-1) ?? START;
  expect(compareCursors(trimmedTo, furthest), `${when}: nothing is trimmed that was not asked for`).toBeLessThanOrEqual(
    0,
  );

  let previous = entries[0]?.previous ?? START;
  for (const entry of entries) {
    expect(entry.previous, `${when}: one chain`).toBe(previous);
    previous = entry.cursor;
  }
}

async function readWhole(log: UpdateLog, document: DocumentId): Promise<{ entries: LogEntry[]; trimmedTo: Cursor }> {
  const entries: LogEntry[] = [];
  for (;;) {
    const page = await log.read(document, entries.at(-1)?.cursor ?? START);
    entries.push(...page.entries);
    if (!page.more) return { entries, trimmedTo: page.trimmedTo };
  }
}
