import { MAX_DOCUMENT_BYTES, TEXT_NAME, type DocumentId } from '@codesync/contract';
import { encodeState, START } from '@codesync/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as Y from 'yjs';
import { openTestApi, OPENING, type Person, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let owner: Person;
let editor: Person;
let viewer: Person;
let stranger: Person;
let id: DocumentId;
let path: string;

beforeAll(async () => {
  api = await openTestApi();
}, OPENING);
beforeEach(async () => {
  await api.reset();
  [owner, editor, viewer, stranger] = await api.cast();
  ({ id } = await owner.creates({ content: 'one\ntwo\n' }));
  path = `/documents/${id}/content`;
  await owner.shares(id, editor, 'editor');
  await owner.shares(id, viewer, 'viewer');
});
afterAll(() => api.close());

/** The document as an open editor has it: everything in the log, applied. */
async function openEditor(): Promise<Y.Doc> {
  const doc = new Y.Doc();
  for (const entry of (await api.log.read(id, START)).entries) {
    for (const update of entry.updates) Y.applyUpdate(doc, update);
  }
  return doc;
}

/** Types into a copy and logs it, as sync-server does. */
async function type(doc: Y.Doc, index: number, text: string): Promise<void> {
  const before = Y.encodeStateVector(doc);
  doc.getText(TEXT_NAME).insert(index, text);
  await api.log.append(id, [Y.encodeStateAsUpdate(doc, before)]);
}

/** Commits a snapshot of all there is, and trims the log up to it. */
async function snapshot(): Promise<void> {
  const doc = await openEditor();
  const cursor = (await api.log.read(id, START)).entries.at(-1)?.cursor ?? START;
  const state = encodeState({
    update: Y.encodeStateAsUpdate(doc),
    stateVector: Y.encodeStateVector(doc),
    deleteSet: new Uint8Array(),
  });
  await api.snapshots.save(id, undefined, cursor, state);
  await api.log.trim(id, cursor);
}

describe('GET /documents/:id/content', () => {
  it('answers the text as text/plain to every member', async () => {
    for (const who of [owner, editor, viewer]) {
      const answer = await who.get(path);
      expect(answer).toMatchObject({ status: 200, text: 'one\ntwo\n' });
      expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect(await stranger.get(path)).toMatchObject({ status: 403, body: { code: 'no_access' } });
  });

  it('R5: has what no snapshot holds yet on top of what the log no longer holds', async () => {
    const doc = await openEditor();
    await snapshot();
    await type(doc, 0, 'zero\n');
    expect((await viewer.get(path)).text).toBe('zero\none\ntwo\n');
  });

  it('R3: a damaged snapshot is an error with a log line, never an empty text', async () => {
    await snapshot();
    for await (const { key } of api.objects.list('')) await api.objects.remove(key);
    expect(await owner.get(path)).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(await owner.put(path, 'new')).toMatchObject({ status: 500 });
    const line = api.lines.find(({ level }) => level === 'error');
    expect(line?.fields['err']).toMatchObject({ name: 'SnapshotDamaged' });
  });

  it('R3: a log that was trimmed beyond its snapshot is an error, never a part of the text', async () => {
    await api.log.trim(id, (await api.log.read(id, START)).entries.at(-1)?.cursor ?? START);
    expect(await owner.get(path)).toMatchObject({ status: 500, body: { code: 'internal' } });
  });

  it('a log that is down is `unavailable`, and the answer names it', async () => {
    api.log.fail(new Error('connect ECONNREFUSED 10.0.0.7:6379'));
    const answer = await owner.get(path);
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', detail: expect.any(String) } });
    expect(answer.text).not.toContain('10.0.0.7');
  });
});

describe('PUT /documents/:id/content', () => {
  it('owners and editors replace the text; others change nothing', async () => {
    expect(await editor.put(path, 'by Ed')).toMatchObject({ status: 204, text: '' });
    expect((await viewer.get(path)).text).toBe('by Ed');
    expect((await owner.put(path, '')).status).toBe(204);
    expect((await viewer.get(path)).text).toBe('');
    expect(await viewer.put(path, 'x')).toMatchObject({ status: 403, body: { code: 'not_allowed' } });
    expect(await stranger.put(path, 'x')).toMatchObject({ status: 403, body: { code: 'no_access' } });
    expect((await owner.get(path)).text).toBe('');
  });

  it('becomes one update of what differs, live in open editors, whose places stay', async () => {
    const doc = await openEditor();
    const cursor = Y.createRelativePositionFromTypeIndex(doc.getText(TEXT_NAME), 5);
    const heard: Uint8Array[] = [];
    const stop = await api.log.subscribe(id, (entry) => heard.push(...entry.updates));
    await editor.put(path, 'zero\none\nt\u{1F600}wo\n');
    stop();
    expect(heard).toHaveLength(1);
    expect(api.heard).toContainEqual({ kind: 'edited', document: id });
    for (const update of heard) Y.applyUpdate(doc, update);
    expect(doc.getText(TEXT_NAME).toString()).toBe('zero\none\nt\u{1F600}wo\n');
    // Before the w, where it was.
    expect(Y.createAbsolutePositionFromRelativePosition(cursor, doc)?.index).toBe(12);
  });

  it('the same text again is no edit', async () => {
    const { body: before } = await owner.get(`/documents/${id}`);
    await api.clock.advance(1_000);
    expect((await editor.put(path, 'one\r\ntwo\r\n')).status).toBe(204);
    expect((await api.log.read(id, START)).entries).toHaveLength(1);
    expect((await owner.get(`/documents/${id}`)).body).toEqual(before);
  });

  it('an edit is the document’s newest', async () => {
    await api.clock.advance(1_000);
    await editor.put(path, 'new');
    expect(await owner.get(`/documents/${id}`)).toMatchObject({
      body: { updatedAt: new Date(api.clock.now()).toISOString() },
    });
  });

  it('R21: line ends become line feeds, and a byte order mark is no text', async () => {
    await editor.put(path, '\u{FEFF}a\r\nb\rc\n');
    expect((await viewer.get(path)).text).toBe('a\nb\nc\n');
  });

  it('of many puts at once one wins as a whole: no letters are mixed, and a repeated request doubles nothing', async () => {
    const texts = Array.from({ length: 8 }, (_, at) => `one\n[put ${at % 4}]\ntwo\n`);
    const answers = await Promise.all(texts.map((text) => editor.put(path, text)));
    expect(answers.map(({ status }) => status)).toEqual(texts.map(() => 204));
    expect(texts).toContain((await viewer.get(path)).text);
  });

  it('what is typed between a put’s reading and its writing is kept', async () => {
    const doc = await openEditor();
    const read = api.log.read.bind(api.log);
    vi.spyOn(api.log, 'read').mockImplementationOnce(async (...input) => {
      const page = await read(...input);
      await type(doc, 4, '[typed]');
      return page;
    });
    expect((await editor.put(path, 'one\ntwo\nthree\n')).status).toBe(204);
    expect((await viewer.get(path)).text).toBe('one\n[typed]two\nthree\n');
  });

  it('R17: a text beyond the limit is refused, and what was there stays readable', async () => {
    expect(await editor.put(path, 'x'.repeat(MAX_DOCUMENT_BYTES + 1))).toMatchObject({
      status: 413,
      body: { code: 'too_large' },
    });
    // The body fits; merged with its history it does not.
    expect(await editor.put(path, 'x'.repeat(MAX_DOCUMENT_BYTES))).toMatchObject({
      status: 413,
      body: { code: 'too_large' },
    });
    expect((await viewer.get(path)).text).toBe('one\ntwo\n');
  });

  it('R1: when the log is down nothing is said to be saved', async () => {
    api.log.fail(new Error('away'));
    expect(await editor.put(path, 'x')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    api.log.heal();
    expect((await viewer.get(path)).text).toBe('one\ntwo\n');
  });

  it.each([
    ['bytes that are not UTF-8', Uint8Array.of(0x61, 0xff), {}],
    ['half a surrogate pair in CESU-8', Uint8Array.of(0xed, 0xa0, 0x80), {}],
    ['another charset', 'x', { 'content-type': 'text/plain; charset=iso-8859-1' }],
    ['JSON', '{"content":"x"}', { 'content-type': 'application/json' }],
  ])('refuses %s', async (_, body, headers) => {
    expect(await editor.put(path, body, headers)).toMatchObject({ status: 400, body: { code: 'bad_request' } });
    expect((await viewer.get(path)).text).toBe('one\ntwo\n');
  });

  it.each(['text/plain', 'text/plain;charset=UTF-8', 'TEXT/PLAIN; charset="utf-8"'])('takes %s', async (type_) => {
    expect((await editor.put(path, 'x', { 'content-type': type_ })).status).toBe(204);
  });
});
