// What LevelDB's folder may meet: another process, damage, a first start that was killed, a clock that goes back.
import { newDocumentId, type DocumentId } from '@codesync/contract';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendTexts, cursorsOf, documentsOf, readAll, text, textsOf } from '../contracts/log-reading.ts';
import { compareCursors, START } from '../cursor.ts';
import { createFakeClock } from '../memory/index.ts';
import type { UpdateLog } from '../update-log.ts';
import { LogDamaged, openLevelUpdateLog } from './index.ts';

describe('the folder of a LevelDB log', () => {
  let folder: string;
  let document: DocumentId;
  const open: UpdateLog[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'codesync-log-'));
    document = newDocumentId();
  });
  afterEach(async () => {
    for (const log of open.splice(0)) await log.close();
    await rm(folder, { recursive: true });
  });

  async function openLog(options?: Parameters<typeof openLevelUpdateLog>[1]): Promise<UpdateLog> {
    const log = await openLevelUpdateLog(folder, options);
    open.push(log);
    return log;
  }

  it('is made when it is not there, with the folders above it', async () => {
    const deep = join(folder, 'a', 'b');
    const log = await openLevelUpdateLog(deep);
    await appendTexts(log, document, ['a']);
    await log.close();
    expect(await readdir(deep)).toContain('CURRENT');
  });

  it('is refused to a second holder with a sentence that names it, and the first goes on', async () => {
    const log = await openLog();
    await expect(openLevelUpdateLog(folder)).rejects.toThrow(
      `The update log in ${folder} is in use by another process.`,
    );
    await appendTexts(log, document, ['a']);
    await log.close();
    expect(textsOf(await readAll(await openLog(), document))).toEqual(['a']);
  });

  it('is refused when it is a file, with a sentence that names it', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(openLevelUpdateLog(file)).rejects.toThrow(`The update log in ${file} cannot be opened`);
  });

  it.each(['CURRENT', 'MANIFEST'])(
    'R3: is refused without its file %s, and nothing in it is deleted',
    async (prefix) => {
      const log = await openLog();
      await appendTexts(log, document, ['a']);
      await log.close();
      const names = await readdir(folder);
      const victim = names.find((name) => name.startsWith(prefix)) ?? '';
      const kept = await readFile(join(folder, victim));
      await rm(join(folder, victim));
      await expect(openLevelUpdateLog(folder)).rejects.toThrow(folder);
      await expect(openLevelUpdateLog(folder)).rejects.toThrow(folder);

      await writeFile(join(folder, victim), kept);
      expect(textsOf(await readAll(await openLog(), document))).toEqual(['a']);
    },
  );

  it('R3: is refused when its manifest is damaged: LevelDB’s repair, which drops things, is left to people', async () => {
    const log = await openLog();
    await appendTexts(log, document, ['a']);
    await log.close();
    const manifest = (await readdir(folder)).find((name) => name.startsWith('MANIFEST')) ?? '';
    await writeFile(join(folder, manifest), 'this is no manifest');
    await expect(openLevelUpdateLog(folder)).rejects.toThrow(`The update log in ${folder} is damaged`);
  });

  it('opens after a first start that was killed before there was anything in it', async () => {
    await writeFile(join(folder, 'LOCK'), '');
    await writeFile(join(folder, 'LOG'), '');
    await writeFile(join(folder, 'MANIFEST-000001'), '');
    expect(textsOf(await readAll(await openLog(), document))).toEqual([]);
  });

  it('R3: entries that are missing in the middle are an error, never a shorter log', async () => {
    const log = await openLog();
    await appendTexts(
      log,
      document,
      Array.from({ length: 300 }, (_, index) => `${index} `.padEnd(1_000, 'x')),
    );
    await log.close();
    const journal = (await readdir(folder)).find((name) => name.endsWith('.log')) ?? '';
    const bytes = await readFile(join(folder, journal));
    await writeFile(join(folder, journal), bytes.fill(0xff, 100_000, 100_100));

    const again = await openLog();
    await expect(readAll(again, document)).rejects.toBeInstanceOf(LogDamaged);
    const neighbour = newDocumentId();
    await appendTexts(again, neighbour, ['next door']);
    expect(textsOf(await readAll(again, neighbour))).toEqual(['next door']);
  });

  it('R16: when more than 64 MB wait for the disk, appends reject; what was taken is written, and then they work again', async () => {
    const log = await openLog();
    const update = new Uint8Array(4 * 1024 * 1024);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => log.append(document, [update])));
    const taken = results.filter((result) => result.status === 'fulfilled').map((result) => result.value);
    expect(taken.length).toBe(15);
    await expect(Promise.reject(results.find((result) => result.status === 'rejected')?.reason)).rejects.toThrow(
      'behind',
    );
    const after = await log.append(document, [text('after')]);
    expect(cursorsOf(await readAll(log, document))).toEqual([...cursorsOf(taken), after.cursor]);
  });

  it('cursors go up also when the clock goes back, and when it stands still', async () => {
    const early = await openLog({ clock: createFakeClock(Date.UTC(2026, 0, 2)) });
    const before = await appendTexts(early, document, ['a', 'b']);
    await early.close();
    const late = await openLog({ clock: createFakeClock(Date.UTC(2026, 0, 1)) });
    const after = await appendTexts(late, document, ['c', 'd']);
    const all = cursorsOf([...before, ...after]);
    expect(all.toSorted(compareCursors)).toEqual(all);
    expect(new Set(all).size).toBe(4);
    expect(cursorsOf(await readAll(late, document))).toEqual(all);
  });

  it('R3: cursors go on behind those of a folder that was lost, so that no snapshot hides what is written now', async () => {
    const clock = createFakeClock();
    const lost = await openLog({ clock });
    const [before] = await appendTexts(lost, document, ['a']);
    await lost.close();
    await rm(folder, { recursive: true });
    await clock.advance(1);
    const [after] = await appendTexts(await openLog({ clock }), document, ['b']);
    expect(compareCursors(after?.cursor ?? START, before?.cursor ?? START)).toBeGreaterThan(0);
  });

  it('documents that were written long ago go on where they ended, however many there are', async () => {
    const log = await openLog();
    const documents = Array.from({ length: 10_050 }, () => newDocumentId());
    const first = await Promise.all(documents.map((name) => log.append(name, [text('a')])));
    const second = await Promise.all(documents.map((name) => log.append(name, [text('b')])));
    expect(second.map(({ previous }) => previous)).toEqual(cursorsOf(first));
    expect(await documentsOf(log)).toHaveLength(10_050);
  });
});
