// Lists that were imported before, unchanged, grown or begun anew, and documents that have changed since.
import { TEXT_NAME } from '@codesync/contract';
import { START } from '@codesync/storage';
import { describe, expect, it } from 'vitest';
import { setUpImporting } from './importing.ts';
import { textOf } from './installation.ts';
import { readSession, type } from './sessions.ts';

const parts = setUpImporting();
const { run, idOf, imported, rows, entries } = parts;

describe('imported again', () => {
  it('an unchanged list changes nothing, whatever happened to its document', async () => {
    for (const root of [TEXT_NAME, 'monaco']) {
      await parts.app.edit(root, (doc) => doc.getText(root).insert(0, 'text\r\n'));
    }
    await run();
    expect((await run()).summary).toBe('2 lists: 0 imported, 0 updated, 2 already there, 0 skipped.');
    for (const name of [TEXT_NAME, 'monaco']) {
      expect(await entries(name)).toBe(1);
      await parts.codesync.type(idOf(name), (text) => text.delete(0, 2));
      await parts.deps.database
        .updateTable('documents')
        .set({ title: 'renamed' })
        .where('id', '=', idOf(name))
        .execute();
    }
    expect((await run()).summary).toBe('2 lists: 0 imported, 0 updated, 2 already there, 0 skipped.');
    expect([textOf(await imported(TEXT_NAME)), textOf(await imported('monaco'))]).toEqual(['xt\n', 'xt\n']);
    expect((await rows()).map(({ title }) => title)).toEqual(['renamed', 'renamed']);
  });

  it('a list that has grown is one more edit, together with what was typed in CodeSync', async () => {
    const session = readSession('sveltecomponent');
    const half = session.txns.length >> 1;
    await parts.app.edit('App.svelte', (doc) => type(doc.getText(TEXT_NAME), session, 0, half));
    await run();
    await parts.app.edit('App.svelte', (doc) => type(doc.getText(TEXT_NAME), session, half));
    expect((await run({ dryRun: true })).summary).toContain('1 updated');
    await parts.codesync.type(idOf('App.svelte'), (text) => text.insert(0, 'typed in CodeSync\n'));
    expect((await run()).summary).toContain('1 updated');
    expect(textOf(await imported('App.svelte'))).toBe(`typed in CodeSync\n${session.endContent}`);
    expect(await entries('App.svelte')).toBe(3);
    expect((await run()).summary).toContain('1 already there');
  }, 60_000);

  it('R6: a list that has grown by a delete alone', async () => {
    await parts.app.edit('shorter', (doc) => doc.getText(TEXT_NAME).insert(0, 'one two three'));
    await run();
    await parts.app.edit('shorter', (doc) => doc.getText(TEXT_NAME).delete(3, 4));
    expect((await run()).summary).toContain('1 updated');
    expect(textOf(await imported('shorter'))).toBe('one three');
  });

  it('R21: carriage returns that came with its growth go, and those of before are not doubled', async () => {
    await parts.app.edit('mac', (doc) => doc.getText(TEXT_NAME).insert(0, 'one\rtwo'));
    await run();
    await parts.app.edit('mac', (doc) => doc.getText(TEXT_NAME).insert(7, '\rthree\r\n'));
    await run();
    expect(textOf(await imported('mac'))).toBe('one\ntwo\nthree\n');
    expect((await run()).summary).toContain('1 already there');
  });

  it('a copied text that has grown follows, but never over what was typed in CodeSync', async () => {
    await parts.app.edit('copy', (doc) => doc.getText('monaco').insert(0, 'one 😀\ntwo\nthree'));
    await run();
    await parts.app.edit('copy', (doc) => {
      doc.getText('monaco').delete(4, 2);
      doc.getText('monaco').insert(4, '😁');
    });
    expect((await run()).summary).toContain('1 updated');
    expect(textOf(await imported('copy'))).toBe('one 😁\ntwo\nthree');
    await parts.app.edit('copy', (doc) => doc.getText('monaco').delete(0, 7));
    expect((await run()).summary).toContain('1 updated');
    expect(textOf(await imported('copy'))).toBe('two\nthree');

    await parts.codesync.type(idOf('copy'), (text) => text.insert(0, 'typed in CodeSync '));
    expect((await run()).summary).toContain('1 already there');
    await parts.app.edit('copy', (doc) => doc.getText('monaco').insert(0, 'four'));
    const { complete, told } = await run();
    expect(complete).toBe(false);
    expect(told).toEqual([
      '"copy" skipped: the list has grown, but the document was edited in CodeSync since it was imported.',
    ]);
    expect(textOf(await imported('copy'))).toBe('typed in CodeSync two\nthree');
  });

  it('a document stays what it was imported as: taken over or copied, never both', async () => {
    await parts.app.edit('becomes rich', (doc) => doc.getText(TEXT_NAME).insert(0, 'text'));
    await parts.app.edit('becomes plain', (doc) => doc.getText(TEXT_NAME).insert(0, 'text', { bold: true }));
    await run();
    await parts.app.edit('becomes rich', (doc) => doc.getText(TEXT_NAME).insert(4, '!', { bold: true }));
    await parts.app.edit('becomes plain', (doc) => {
      doc.getText(TEXT_NAME).format(0, 4, { bold: null });
      doc.getText(TEXT_NAME).insert(4, '!');
    });
    expect((await run()).summary).toContain('2 updated');
    expect([textOf(await imported('becomes rich')), textOf(await imported('becomes plain'))]).toEqual([
      'text!',
      'text!',
    ]);
  });

  it('a list that began anew under the same name is not blended with what was imported before', async () => {
    await parts.app.edit('again', (doc) => doc.getText(TEXT_NAME).insert(0, 'first'));
    await run();
    await parts.redis.del('again:updates');
    await parts.app.edit('again', (doc) => doc.getText(TEXT_NAME).insert(0, 'second'));
    expect((await run()).told).toEqual([
      '"again" skipped: the document that was imported under this name has another history.',
    ]);
    expect(textOf(await imported('again'))).toBe('first');
  });

  it('a document in the trash stays as it is; one that was deleted for good comes again', async () => {
    const { database, log } = parts.deps;
    await parts.app.edit('a', (doc) => doc.getText(TEXT_NAME).insert(0, 'text'));
    await run();
    await database.updateTable('documents').set({ deleted_at: new Date() }).execute();
    await parts.app.edit('a', (doc) => doc.getText(TEXT_NAME).insert(0, 'more '));
    expect(await run()).toMatchObject({ complete: true, told: ['"a" already there: it is in the trash.'] });
    expect(textOf(await imported('a'))).toBe('text');
    await database.deleteFrom('documents').execute();
    await log.remove(idOf('a'));
    expect((await run()).summary).toContain('1 imported');
    expect(textOf(await imported('a'))).toBe('more text');
  });

  it('R3: a document of which CodeSync has lost a part is left as it is', async () => {
    await parts.app.edit('a', (doc) => doc.getText(TEXT_NAME).insert(0, 'text'));
    await run();
    const { last } = await parts.deps.log.read(idOf('a'), START);
    await parts.deps.log.trim(idOf('a'), last);
    expect(await run()).toMatchObject({
      complete: false,
      told: [`"a" skipped: the log of document ${idOf('a')} does not reach back to its snapshot.`],
    });
    expect(await entries('a')).toBe(0);
  });

  it('whoever owns it by now keeps it', async () => {
    const { database } = parts.deps;
    await parts.app.edit('a', (doc) => doc.getText(TEXT_NAME).insert(0, 'text'));
    await run();
    const bo = await parts.newUser();
    await database.updateTable('members').set({ user_id: bo.id }).execute();
    await parts.app.edit('a', (doc) => doc.getText(TEXT_NAME).insert(0, 'more '));
    expect((await run()).summary).toContain('1 updated');
    expect(await database.selectFrom('members').select('user_id').execute()).toEqual([{ user_id: bo.id }]);
  });
});
