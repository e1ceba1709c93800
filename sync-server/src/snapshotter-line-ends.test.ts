import { TEXT_NAME, type DocumentId } from '@codesync/contract';
import type { UpdateLog } from '@codesync/storage';
import { describe, it } from 'vitest';
import * as Y from 'yjs';
import { eventually, setUp } from './testing/snapshot-parts.ts';

describe('R21: a carriage return', () => {
  /** What an open editor shows: everything that is logged, as it is heard. */
  async function editor(log: UpdateLog, document: DocumentId): Promise<Y.Text> {
    const doc = new Y.Doc();
    await log.subscribe(document, ({ updates }) => {
      for (const update of updates) Y.applyUpdate(doc, update);
    });
    return doc.getText(TEXT_NAME);
  }

  it('is out of the text for everyone, and of the snapshot', async () => {
    const { clock, log, snapshotter, typist, document, saved } = setUp();
    const shown = await editor(log, document);
    const { cursor } = await log.append(document, [typist.type('one\r\ntwo\rthree')]);
    snapshotter.noteEdit(document, { cursor, urgent: true });
    await clock.advance(1_000);
    await eventually(() => shown.toString()).toBe('one\ntwo\nthree');
    await eventually(saved).toBe('one\ntwo\nthree');
  });

  it('is out of it within 4 s while someone types on and on, and brings more', async () => {
    const { clock, log, snapshotter, typist, document, saved } = setUp();
    const shown = await editor(log, document);
    for (let tenth = 0; tenth < 80; tenth++) {
      const update = typist.type(tenth % 20 === 0 ? 'x\r\n' : 'x');
      const { cursor } = await log.append(document, [update]);
      snapshotter.noteEdit(document, { cursor, urgent: tenth % 20 === 0 });
      await clock.advance(100);
      if (tenth % 20 === 15) await eventually(() => shown.toString()).not.toContain('\r');
    }
    await clock.advance(2_000);
    await eventually(saved).toBe(`x\n${'x'.repeat(19)}`.repeat(4));
  });

  it('is answered once by each job, and a log that is down is tried again', async () => {
    const { clock, log, snapshotter, typist, document, text } = setUp();
    const { cursor } = await log.append(document, [typist.type('a\rb')]);
    snapshotter.noteEdit(document, { cursor, urgent: true });
    log.fail(new Error('the log is down'));
    await clock.advance(1_000);
    log.heal();
    await clock.advance(5_000);
    await eventually(text).toBe('a\nb');
  });
});
