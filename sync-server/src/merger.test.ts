import { TEXT_NAME } from '@codesync/contract';
import { createFakeClock } from '@codesync/storage/memory';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { platform } from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { createWorkerMerger } from './merger.ts';
import { createTypist, textOf } from './testing/typist.ts';
import { mergeDocument } from './yjs/merge.ts';

describe('the merger on worker threads', () => {
  const clock = createFakeClock();
  const merger = createWorkerMerger({ clock });
  afterAll(() => merger.close());

  it('gives what merging here gives', async () => {
    const typist = createTypist();
    const updates = [typist.type('one\r\n'), typist.edit((text) => text.delete(0, 1)), typist.type('two')];
    const { state } = mergeDocument(undefined, updates.slice(0, 1));
    const expected = mergeDocument(state, updates.slice(1));
    expect(await merger.merge(state, updates.slice(1))).toEqual(expected);
    expect(await merger.merge(undefined, [])).toEqual(mergeDocument(undefined, []));
  });

  it('leaves updates as they were', async () => {
    const buffer = Uint8Array.of(9, ...createTypist().type('part of a larger buffer'), 9);
    const update = buffer.subarray(1, -1);
    await merger.merge(undefined, [update]);
    expect(textOf([update])).toBe('part of a larger buffer');
  });

  it('a large document comes and goes without a copy', async () => {
    const typist = createTypist();
    const { state } = await merger.merge(undefined, [typist.type('much text '.repeat(100_000))]);
    const { buffer } = state.encoded;
    expect([state.stateVector.buffer, state.deleteSet.buffer, state.update.buffer]).toEqual([buffer, buffer, buffer]);
    const merged = await merger.merge(state, [typist.type('and more')]);
    expect(buffer.byteLength).toBe(0);
    expect(textOf([merged.state.update])).toBe(typist.text.toString());
  });

  it.runIf(platform === 'linux')('its threads go behind the relay', async () => {
    await merger.merge(undefined, []);
    expect(niceness()).toContain(Math.min(getPriority() + 10, 19));
  });

  it('R19: a job that fails rejects alone, with its reason', async () => {
    const good = createTypist().type('good');
    const results = await Promise.allSettled([
      merger.merge(undefined, [good]),
      merger.merge(undefined, [Uint8Array.of(1, 2, 3)]),
      merger.merge(undefined, [good]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: expect.stringContaining('malformed') } });
  });

  it('R19: a job that does not end is ended, and the next one runs', async () => {
    const doc = new Y.Doc();
    doc.getText(TEXT_NAME).insert(0, 'x'.repeat(5_000_000));
    const long = merger.merge(undefined, [Y.encodeStateAsUpdate(doc)]);
    // Before any thread could be done: the longest that a merge may take is over at once.
    const ended = expect(long).rejects.toThrow('aborted');
    await clock.advance(60_000);
    await ended;
    const { state } = await merger.merge(undefined, [createTypist().type('next')]);
    expect(textOf([state.update])).toBe('next');
  });

  it('leaves no timer behind', () => {
    expect(clock.pending()).toBe(0);
  });
});

/** Of each thread of this process. */
function niceness(): number[] {
  return readdirSync('/proc/self/task').map((thread) => {
    const line = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    // After the name, which may have spaces: the 17th.
    return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[16]);
  });
}
