// Documents that the real y-redis wrote, imported into an installation in memory.
import { MAX_DOCUMENT_BYTES, TEXT_NAME } from '@codesync/contract';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { startApplication } from './application.ts';
import { setUpImporting } from './importing.ts';
import { textOf } from './installation.ts';
import { readSession, type } from './sessions.ts';

const parts = setUpImporting();
const { run, idOf, imported, rows, entries } = parts;
const sameState = (one: Y.Doc, other: Y.Doc) =>
  Y.equalSnapshots(Y.snapshot(one), Y.snapshot(other)) && textOf(one) === textOf(other);

describe('the documents of y-redis', () => {
  it('several clients, deletes, emoji: the same state, with its history, under its name and for its owner', async () => {
    const doc = await parts.app.edit('notes/plan.md', (server) => {
      const clients = ['Ana', 'Bo', 'Čeněk 👩‍👩‍👧‍👦'].map((name) => ({ name, doc: new Y.Doc() }));
      for (const { name, doc } of clients) {
        Y.applyUpdate(doc, Y.encodeStateAsUpdate(server));
        doc.getText(TEXT_NAME).insert(0, `${name} was here 😀\n`);
        doc.getText(TEXT_NAME).delete(0, 2);
        Y.applyUpdate(server, Y.encodeStateAsUpdate(doc));
      }
      for (const { doc } of clients) Y.applyUpdate(server, Y.encodeStateAsUpdate(doc));
      server.getText(TEXT_NAME).delete(3, 5);
    });
    expect(await run()).toEqual({
      complete: true,
      told: [],
      summary: '1 list: 1 imported, 0 updated, 0 already there, 0 skipped.',
    });
    expect(sameState(await imported('notes/plan.md'), doc)).toBe(true);
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      title: 'notes/plan.md',
      language: 'markdown',
      created_by: parts.owner.id,
      deleted_at: null,
    });
    expect(await parts.deps.access.find(idOf('notes/plan.md'), parts.owner.id)).toMatchObject({ role: 'owner' });
  });

  it('a recorded session of 37,000 edits is the exact text, and its bytes are merged', async () => {
    const session = readSession('rustcode');
    await parts.app.edit('main.rs', (doc) => type(doc.getText(TEXT_NAME), session));
    expect(await parts.redis.llen('main.rs:updates')).toBeGreaterThan(30_000);
    expect((await run()).complete).toBe(true);
    expect(textOf(await imported('main.rs')) === session.endContent).toBe(true);
    expect(await entries('main.rs')).toBe(1);
    expect((await rows())[0]).toMatchObject({ language: 'rust' });
  }, 60_000);

  it('two server processes that had it open at once, and what each of them wrote', async () => {
    const other = startApplication(parts.server);
    try {
      const [here, there] = [await parts.app.open('both'), await other.open('both')];
      for (let round = 0; round < 20; round++) {
        here.getText(TEXT_NAME).insert(0, `here ${round}\n`);
        there.getText(TEXT_NAME).insert(there.getText(TEXT_NAME).length, `there ${round}\n`);
      }
      await Promise.all([parts.app.settled(), other.settled()]);
      await expect.poll(() => textOf(here) === textOf(there)).toBe(true);
      await run();
      expect(sameState(await imported('both'), here)).toBe(true);
      expect(textOf(here).match(/here \d+/g)).toHaveLength(40);
    } finally {
      await other.close();
    }
  });

  it('names of every kind: with :updates in them, empty, long, with patterns of Redis and with spaces', async () => {
    const long = `${'ä😀'.repeat(120)}.py`;
    const names = ['a:updates', '', ' ', 'x*y?[z]\\', 'two words', long, 'nul\0byte'];
    for (const name of names) await parts.app.edit(name, (doc) => doc.getText(TEXT_NAME).insert(0, `text of ${name}`));
    // Neither is y-redis'.
    await parts.redis.set('string:updates', 'x');
    await parts.redis.rpush('list', 'x');
    expect((await run()).summary).toContain('7 lists: 7 imported');
    for (const name of names) expect(textOf(await imported(name))).toBe(`text of ${name}`);
    const titles = (await rows()).map(({ title }) => title);
    expect(titles).toEqual(expect.arrayContaining(['a:updates', 'Untitled', 'x*y?[z]\\', 'two words', 'nulbyte']));
    expect(titles.find((title) => title.startsWith('ä😀'))).toMatch(/^(ä😀)+ä?…$/);
    expect((await rows()).find(({ title }) => title.startsWith('ä😀'))?.language).toBe('python');
  });

  it('--prefix takes those whose names begin with it, also when it looks like a pattern', async () => {
    for (const name of ['team/a', 'team/b', 'other', '*x']) {
      await parts.app.edit(name, (doc) => doc.getText(TEXT_NAME).insert(0, name));
    }
    expect((await run({ prefix: 'team/' })).summary).toContain('2 lists: 2 imported');
    expect((await run({ prefix: '*' })).summary).toContain('1 list: 1 imported');
  });

  it('R21: CRLF and lone CR become LF, and who still has the old document merges cleanly', async () => {
    const old = await parts.app.edit('dos.txt', (doc) => doc.getText(TEXT_NAME).insert(0, 'one\r\ntwo\rthree\r\n😀'));
    await run();
    const doc = await imported('dos.txt');
    expect(textOf(doc)).toBe('one\ntwo\nthree\n😀');
    old.getText(TEXT_NAME).insert(0, 'zero ');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(old));
    Y.applyUpdate(old, Y.encodeStateAsUpdate(doc));
    expect(textOf(doc)).toBe('zero one\ntwo\nthree\n😀');
    expect(sameState(doc, old)).toBe(true);
    expect((await run()).summary).toContain('1 already there');
  });

  it('a document without text is there, empty', async () => {
    await parts.app.edit('emptied', (doc) => {
      doc.getText(TEXT_NAME).insert(0, 'x');
      doc.getText(TEXT_NAME).delete(0, 1);
    });
    await parts.redis.rpush('nothing:updates', Buffer.from(Y.encodeStateAsUpdate(new Y.Doc())));
    expect((await run()).summary).toContain('2 lists: 2 imported');
    expect((await run()).summary).toContain('2 already there');
    expect([textOf(await imported('emptied')), textOf(await imported('nothing'))]).toEqual(['', '']);
  });

  it('says how far it is, at a pace for people', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      await parts.app.edit(name, (doc) => doc.getText(TEXT_NAME).insert(0, name));
    }
    let now = 0;
    const { told } = await run({}, { clock: { ...parts.deps.clock, now: () => (now += 1_000) } });
    expect(told).toContainEqual(expect.stringMatching(/^\d lists?: \d imported, .* until now$/));
    expect(told.length).toBeLessThan(5);
    expect((await run()).told).toEqual([]);
  });

  it('nothing is written to the source', async () => {
    await parts.app.edit('a', (doc) => doc.getText(TEXT_NAME).insert(0, 'text'));
    const monitor = await parts.redis.monitor();
    const commands = new Set<string>();
    monitor.on('monitor', (_time: string, [command = '']: string[]) => commands.add(command.toLowerCase()));
    await run();
    await parts.redis.echo('the end');
    await expect.poll(() => commands.has('echo')).toBe(true);
    monitor.disconnect();
    const setUp = ['hello', 'client', 'info', 'ping', 'select', 'auth', 'echo'];
    expect([...commands].filter((command) => !setUp.includes(command)).toSorted()).toEqual(['lrange', 'scan']);
  });
});

describe('texts under another root', () => {
  it('the only one is used, and said; as a new text that ends its lines with LF', async () => {
    await parts.app.edit('monaco.ts', (doc) => doc.getText('monaco').insert(0, 'let a;\r\nlet b;'));
    await parts.app.edit('nameless', (doc) => doc.getText('').insert(0, 'text'));
    const { complete, told } = await run();
    expect(complete).toBe(true);
    expect(told.toSorted()).toEqual([
      `"monaco.ts" imported: its text is that under "monaco".`,
      `"nameless" imported: its text is that under "".`,
    ]);
    expect(textOf(await imported('monaco.ts'))).toBe('let a;\nlet b;');
    expect(textOf(await imported('nameless'))).toBe('text');
  });

  it('of several none is guessed; --text names one', async () => {
    await parts.app.edit('two', (doc) => {
      doc.getText('quill').insert(0, 'this');
      doc.getText('codemirror').insert(0, 'that');
    });
    const { complete, told } = await run();
    expect(complete).toBe(false);
    expect(told).toEqual(['"two" skipped: text under "quill" and "codemirror": --text says which one is meant.']);
    expect(await rows()).toEqual([]);
    const again = await run({ text: 'quill' });
    expect(again.told[0]).toContain('text under "codemirror" is not shown');
    expect(textOf(await imported('two'))).toBe('this');
    expect((await run({ text: 'missing' })).told).toEqual([
      '"two" skipped: no text under "missing"; there is "quill", "codemirror".',
    ]);
  });

  it('formatting and embedded objects stay behind, and that is said', async () => {
    await parts.app.edit('rich', (doc) => {
      const text = doc.getText(TEXT_NAME);
      text.insert(0, 'bold\r\nplain');
      text.format(0, 4, { bold: true });
      text.insertEmbed(4, { image: 'x' });
    });
    expect((await run()).told).toEqual(['"rich" imported: formatting and embedded objects stay behind.']);
    const text = (await imported('rich')).getText(TEXT_NAME);
    expect(text.toDelta()).toEqual([{ insert: 'bold\nplain' }]);
    expect((await run()).summary).toContain('1 already there');
  });

  it('what holds no text is skipped', async () => {
    await parts.app.edit('board', (doc) => doc.getMap('shapes').set('a', 1));
    await parts.app.edit('page', (doc) => {
      const paragraph = new Y.XmlElement('p');
      doc.getXmlFragment('prosemirror').push([paragraph]);
      paragraph.push([new Y.XmlText('text')]);
    });
    expect((await run()).told.toSorted()).toEqual([
      '"board" skipped: no text under "content"; there is "shapes".',
      '"page" skipped: no text under "content"; there is "prosemirror".',
    ]);
  });
});

describe('damaged lists', () => {
  it('one whose beginning is missing, one with an entry that is no update, one without what was deleted: the others are imported', async () => {
    const typing = (doc: Y.Doc) => {
      for (const letter of 'abcdef') doc.getText(TEXT_NAME).insert(doc.getText(TEXT_NAME).length, letter);
    };
    for (const name of ['beginning', 'entry', 'truncated', 'whole']) await parts.app.edit(name, typing);
    await parts.app.edit('deleted', (doc) => {
      typing(doc);
      doc.getText(TEXT_NAME).delete(0, 6);
    });
    await parts.redis.lpop('beginning:updates');
    await parts.redis.lset('entry:updates', 3, 'garbage');
    const third = await parts.redis.lindexBuffer('truncated:updates', 3);
    await parts.redis.lset('truncated:updates', 3, third?.subarray(0, -3) ?? '');
    await parts.redis.ltrim('deleted:updates', -1, -1);
    const { complete, told, summary } = await run();
    expect(complete).toBe(false);
    expect(summary).toBe('5 lists: 1 imported, 0 updated, 0 already there, 4 skipped.');
    expect(told.toSorted()).toEqual([
      expect.stringMatching(
        /^"beginning" skipped: damaged: edits are missing from the list \(of client \d+ from clock 0 on\)\.$/,
      ),
      '"deleted" skipped: damaged: edits are missing from the list (text that was deleted later).',
      '"entry" skipped: damaged: entry 3 of the list cannot be read as a Yjs update.',
      '"truncated" skipped: damaged: entry 3 of the list cannot be read as a Yjs update.',
    ]);
    expect((await rows()).map(({ title }) => title)).toEqual(['whole']);
  });

  it('an entry far behind a gap is named by its place, too', async () => {
    await parts.app.edit('long', (doc) => {
      for (let i = 0; i < 3_000; i++) doc.getText(TEXT_NAME).insert(i, 'x');
    });
    await parts.redis.lset('long:updates', 2_500, 'garbage');
    await parts.redis.lset('long:updates', 500, Buffer.from([0, 0]));
    expect((await run()).told).toEqual([
      '"long" skipped: damaged: entry 2500 of the list cannot be read as a Yjs update.',
    ]);
  });

  it('what came in another order than it was written is whole, and so is a gap that was filled later', async () => {
    const doc = await parts.app.edit('shuffled', (doc) => {
      for (let i = 0; i < 50; i++) doc.getText(TEXT_NAME).insert(i, String(i % 10));
    });
    const updates = await parts.redis.lrangeBuffer('shuffled:updates', 0, -1);
    await parts.redis.del('shuffled:updates');
    await parts.redis.rpush('shuffled:updates', ...updates.toReversed(), ...updates);
    expect((await run()).complete).toBe(true);
    expect(sameState(await imported('shuffled'), doc)).toBe(true);
  });

  it('R17: one that is too large is skipped; one that was is not', async () => {
    await parts.app.edit('large', (doc) => doc.getText(TEXT_NAME).insert(0, 'x'.repeat(MAX_DOCUMENT_BYTES)));
    await parts.app.edit('shrunk', (doc) => {
      doc.getText(TEXT_NAME).insert(0, 'x'.repeat(MAX_DOCUMENT_BYTES + 3));
      doc.getText(TEXT_NAME).delete(3, MAX_DOCUMENT_BYTES);
    });
    const { told, summary } = await run();
    expect(summary).toContain('1 imported, 0 updated, 0 already there, 1 skipped');
    expect(told).toEqual([expect.stringMatching(/^"large" skipped: too large: \d+ bytes, .* at most 10485760\.$/)]);
    expect(textOf(await imported('shrunk'))).toBe('xxx');
  });
});
