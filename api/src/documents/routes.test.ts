import { newDocumentId, newSnapshotId, type DocumentId } from '@codesync/contract';
import { encodeState, START } from '@codesync/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestApi, OPENING, type Person, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let owner: Person;
let editor: Person;
let viewer: Person;
let stranger: Person;
let id: DocumentId;

beforeAll(async () => {
  api = await openTestApi();
}, OPENING);
beforeEach(async () => {
  await api.reset();
  [owner, editor, viewer, stranger] = await api.cast();
  ({ id } = await owner.creates({ title: 'Notes', language: 'markdown', content: 'hello\n' }));
  await owner.shares(id, editor, 'editor');
  await owner.shares(id, viewer, 'viewer');
  api.heard.length = 0;
});
afterAll(() => api.close());

const gone = { status: 404, body: { code: 'document_not_found' } };
const noAccess = { status: 403, body: { code: 'no_access' } };
const notAllowed = { status: 403, body: { code: 'not_allowed' } };

describe('POST /documents', () => {
  it('answers the document; who makes it owns it', async () => {
    const now = new Date(api.clock.now()).toISOString();
    expect(await owner.post('/documents', { title: ' main.ts ', language: 'typescript' })).toMatchObject({
      status: 201,
      body: {
        title: 'main.ts',
        language: 'typescript',
        role: 'owner',
        ownerId: owner.user.id,
        createdAt: now,
        updatedAt: now,
      },
    });
  });

  it('title, language and content may all be left out, and so may the body', async () => {
    const answer = await owner.post('/documents');
    expect(answer).toMatchObject({ status: 201, body: { title: 'Untitled', language: 'plaintext' } });
    const { id: made } = answer.body as { id: DocumentId };
    expect((await owner.get(`/documents/${made}/content`)).text).toBe('');
    expect((await api.log.read(made, START)).entries).toEqual([]);
  });

  it('R1: its content is in the log before the answer, with line feeds only (R21)', async () => {
    const { id: made } = await owner.creates({ content: 'a\r\nb\rc \u{1F600}' });
    expect((await api.log.read(made, START)).entries).toHaveLength(1);
    expect((await owner.get(`/documents/${made}/content`)).text).toBe('a\nb\nc \u{1F600}');
  });

  it('R1: when its content cannot be logged there is no document either', async () => {
    api.log.fail(new Error('disk full'));
    const answer = await owner.post('/documents', { title: 'Half', content: 'x' });
    api.log.heal();
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await owner.get('/documents?q=Half')).toMatchObject({ body: { items: [] } });
  });

  it('R17: content beyond the size limit is refused, and nothing is left of it', async () => {
    const answer = await owner.post('/documents', { title: 'Huge', content: 'x'.repeat(10 * 1024 * 1024) });
    expect(answer).toMatchObject({ status: 413, body: { code: 'too_large' } });
    expect(await owner.get('/documents?q=Huge')).toMatchObject({ body: { items: [] } });
  });
});

describe('GET /documents/:id', () => {
  it('tells each member their own role', async () => {
    for (const [who, role] of [
      [owner, 'owner'],
      [editor, 'editor'],
      [viewer, 'viewer'],
    ] as const) {
      const answer = await who.get(`/documents/${id}`);
      expect(answer).toMatchObject({ status: 200, body: { id, title: 'Notes', role, ownerId: owner.user.id } });
      expect(answer.body).not.toHaveProperty('deletedAt');
    }
  });

  it('a stranger is told nothing of it', async () => {
    const answer = await stranger.get(`/documents/${id}`);
    expect(answer).toMatchObject(noAccess);
    expect(answer.text).not.toContain('Notes');
  });

  it('an id has one spelling: in capitals it is no document', async () => {
    expect(await owner.get(`/documents/${id.toUpperCase()}`)).toMatchObject({
      status: 404,
      body: { code: 'document_not_found' },
    });
  });

  it('the owner it names is another once who made it has left', async () => {
    await owner.shares(id, editor, 'owner');
    expect(await viewer.get(`/documents/${id}`)).toMatchObject({ body: { ownerId: owner.user.id } });
    await owner.delete(`/documents/${id}/members/${owner.user.id}`);
    expect(await viewer.get(`/documents/${id}`)).toMatchObject({ body: { ownerId: editor.user.id } });
  });
});

describe('PATCH /documents/:id', () => {
  it('owners and editors change title and language; that is an edit', async () => {
    await api.clock.advance(5_000);
    expect(await editor.patch(`/documents/${id}`, { title: 'Plan' })).toMatchObject({
      status: 200,
      body: { title: 'Plan', language: 'markdown', role: 'editor', updatedAt: new Date(api.clock.now()).toISOString() },
    });
    expect(await owner.patch(`/documents/${id}`, { language: 'python' })).toMatchObject({
      status: 200,
      body: { title: 'Plan', language: 'python', role: 'owner' },
    });
  });

  it('viewers and strangers do not', async () => {
    expect(await viewer.patch(`/documents/${id}`, { title: 'Mine' })).toMatchObject(notAllowed);
    expect(await stranger.patch(`/documents/${id}`, { title: 'Mine' })).toMatchObject(noAccess);
    expect(await owner.get(`/documents/${id}`)).toMatchObject({ body: { title: 'Notes' } });
  });
});

describe('DELETE /documents/:id', () => {
  it('to the trash: not there for anyone but its owners, who still read it', async () => {
    expect((await owner.delete(`/documents/${id}`)).status).toBe(204);
    for (const who of [editor, viewer, stranger]) {
      expect(await who.get(`/documents/${id}`)).toMatchObject(gone);
      expect(await who.get(`/documents/${id}/content`)).toMatchObject(gone);
      expect(await who.post(`/documents/${id}/restore`)).toMatchObject(gone);
    }
    const deletedAt = new Date(api.clock.now()).toISOString();
    expect(await owner.get(`/documents/${id}`)).toMatchObject({ status: 200, body: { deletedAt } });
    expect((await owner.get(`/documents/${id}/content`)).text).toBe('hello\n');
    expect(api.heard).toEqual([{ kind: 'document-gone', document: id }]);
  });

  it('in the trash nothing of it is changed', async () => {
    await owner.delete(`/documents/${id}`);
    expect(await owner.patch(`/documents/${id}`, { title: 'x' })).toMatchObject(gone);
    expect(await owner.put(`/documents/${id}/content`, 'x')).toMatchObject(gone);
    expect(await owner.put(`/documents/${id}/members`, { email: stranger.email, role: 'editor' })).toMatchObject(gone);
    expect(await owner.delete(`/documents/${id}/members/${viewer.user.id}`)).toMatchObject(gone);
  });

  it('twice keeps the time of the first', async () => {
    await owner.delete(`/documents/${id}`);
    const { body } = await owner.get(`/documents/${id}`);
    await api.clock.advance(60_000);
    expect((await owner.delete(`/documents/${id}`)).status).toBe(204);
    expect((await owner.get(`/documents/${id}`)).body).toEqual(body);
  });

  it('only owners delete', async () => {
    for (const way of ['', '?permanent=true']) {
      expect(await editor.delete(`/documents/${id}${way}`)).toMatchObject(notAllowed);
      expect(await viewer.delete(`/documents/${id}${way}`)).toMatchObject(notAllowed);
      expect(await stranger.delete(`/documents/${id}${way}`)).toMatchObject(noAccess);
    }
    expect((await owner.get(`/documents/${id}`)).status).toBe(200);
    expect(api.heard).toEqual([]);
  });

  it('a notice that cannot be published does not undo it, and is logged', async () => {
    const deaf = await openTestApi();
    try {
      const me = await deaf.person('Me');
      const document = await me.creates();
      await deaf.notices.close();
      expect((await me.delete(`/documents/${document.id}`)).status).toBe(204);
      expect(await me.get('/documents')).toMatchObject({ body: { items: [] } });
      expect(deaf.lines.some(({ level, fields }) => level === 'error' && 'notice' in fields)).toBe(true);
    } finally {
      await deaf.close();
    }
  });
});

describe('DELETE /documents/:id?permanent=true', () => {
  async function snapshot(): Promise<void> {
    const entry = (await api.log.read(id, START)).entries.at(-1);
    const update = entry?.updates[0] ?? new Uint8Array();
    const state = encodeState({ update, stateVector: new Uint8Array(), deleteSet: new Uint8Array() });
    await api.snapshots.save(id, undefined, entry?.cursor ?? START, state);
  }

  it.each(['alive', 'in the trash'])('from %s: row, members, log and snapshots go', async (place) => {
    await snapshot();
    if (place === 'in the trash') await owner.delete(`/documents/${id}`);
    expect((await owner.delete(`/documents/${id}?permanent=true`)).status).toBe(204);
    expect(await owner.get(`/documents/${id}`)).toMatchObject(gone);
    expect(await owner.delete(`/documents/${id}?permanent=true`)).toMatchObject(gone);
    expect((await api.log.read(id, START)).entries).toEqual([]);
    for await (const key of api.objects.list('')) expect(key).not.toContain(id);
    expect(await api.database.db.selectFrom('members').selectAll().where('document_id', '=', id).execute()).toEqual([]);
    expect(await api.database.db.selectFrom('snapshots').selectAll().execute()).toEqual([]);
    expect(api.heard).toContainEqual({ kind: 'document-gone', document: id });
  });

  it('when a part fails half way it is in the trash, to be deleted again', async () => {
    api.objects.fail(new Error('away'));
    expect(await owner.delete(`/documents/${id}?permanent=true`)).toMatchObject({ status: 503 });
    api.objects.heal();
    expect(await owner.get(`/documents/${id}`)).toMatchObject({ status: 200, body: { deletedAt: expect.any(String) } });
    expect((await owner.delete(`/documents/${id}?permanent=true`)).status).toBe(204);
    expect(await owner.get(`/documents/${id}`)).toMatchObject(gone);
  });

  it('what is no clear yes deletes nothing', async () => {
    expect(await owner.delete(`/documents/${id}?permanent=yes`)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'permanent' }] },
    });
    expect(await owner.get(`/documents/${id}`)).toMatchObject({ status: 200 });
  });

  it('R4: no snapshot is committed for a document that is gone', async () => {
    await owner.delete(`/documents/${id}?permanent=true`);
    const state = encodeState({
      update: new Uint8Array([0, 0]),
      stateVector: new Uint8Array(),
      deleteSet: new Uint8Array(),
    });
    expect(await api.snapshots.save(id, undefined, START, state)).toBeUndefined();
    expect(await api.snapshots.save(id, newSnapshotId(), START, state)).toBeUndefined();
  });
});

describe('POST /documents/:id/restore', () => {
  it('brings it back for everyone, with its text', async () => {
    await owner.delete(`/documents/${id}`);
    const answer = await owner.post(`/documents/${id}/restore`);
    expect(answer).toMatchObject({ status: 200, body: { id, role: 'owner' } });
    expect(answer.body).not.toHaveProperty('deletedAt');
    expect(await viewer.get(`/documents/${id}`)).toMatchObject({ status: 200 });
    expect((await editor.get(`/documents/${id}/content`)).text).toBe('hello\n');
  });

  it('what is not in the trash stays as it is', async () => {
    expect(await owner.post(`/documents/${id}/restore`)).toMatchObject({ status: 200, body: { id } });
  });

  it('only owners restore', async () => {
    expect(await editor.post(`/documents/${id}/restore`)).toMatchObject(notAllowed);
    expect(await stranger.post(`/documents/${id}/restore`)).toMatchObject(noAccess);
    expect(await owner.post(`/documents/${newDocumentId()}/restore`)).toMatchObject(gone);
  });
});
