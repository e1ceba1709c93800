import { newUserId, type DocumentId } from '@codesync/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
  ({ id } = await owner.creates());
  path = `/documents/${id}/members`;
  for (const [who, role] of [
    [editor, 'editor'],
    [viewer, 'viewer'],
  ] as const) {
    await api.clock.advance(1_000);
    await owner.shares(id, who, role);
  }
  api.heard.length = 0;
});
afterAll(() => api.close());

const notAllowed = { status: 403, body: { code: 'not_allowed' } };
const noAccess = { status: 403, body: { code: 'no_access' } };
const lastOwner = { status: 409, body: { code: 'last_owner' } };
const noSuchMember = { status: 404, body: { code: 'user_not_found' } };
const entry = (who: Person, role: string) => ({ userId: who.user.id, email: who.email, name: who.user.name, role });
const changed = (who: Person) => ({ kind: 'access-changed', document: id, user: who.user.id });

describe('GET /documents/:id/members', () => {
  it('every member sees who is in, longest first; a stranger does not', async () => {
    const items = [entry(owner, 'owner'), entry(editor, 'editor'), entry(viewer, 'viewer')];
    for (const who of [owner, editor, viewer]) {
      const answer = await who.get(path);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({ items });
    }
    expect(await stranger.get(path)).toMatchObject(noAccess);
  });
});

describe('PUT /documents/:id/members', () => {
  it('an owner adds somebody by e-mail address in any case, who is in at once', async () => {
    const answer = await owner.put(path, { email: ` ${stranger.email.toUpperCase()}`, role: 'viewer' });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(entry(stranger, 'viewer'));
    expect(await stranger.get(`/documents/${id}`)).toMatchObject({ status: 200, body: { role: 'viewer' } });
  });

  it('R14: sockets are told of each change', async () => {
    await owner.put(path, { email: stranger.email, role: 'viewer' });
    await owner.put(path, { email: editor.email, role: 'viewer' });
    expect(api.heard).toEqual([changed(stranger), changed(editor)]);
    expect(await editor.get(`/documents/${id}`)).toMatchObject({ body: { role: 'viewer' } });
  });

  it('an address that nobody has adds nobody', async () => {
    expect(await owner.put(path, { email: 'nobody@example.com', role: 'editor' })).toMatchObject(noSuchMember);
    expect(api.heard).toEqual([]);
  });

  it('editors, viewers and strangers change nobody, themselves included', async () => {
    expect(await editor.put(path, { email: editor.email, role: 'owner' })).toMatchObject(notAllowed);
    expect(await viewer.put(path, { email: viewer.email, role: 'editor' })).toMatchObject(notAllowed);
    expect(await stranger.put(path, { email: stranger.email, role: 'owner' })).toMatchObject(noAccess);
  });

  it('the last owner stays an owner; with another one there a document changes hands', async () => {
    expect(await owner.put(path, { email: owner.email, role: 'editor' })).toMatchObject(lastOwner);
    await owner.put(path, { email: editor.email, role: 'owner' });
    expect(await owner.put(path, { email: owner.email, role: 'viewer' })).toMatchObject({ status: 200 });
    expect(await owner.put(path, { email: owner.email, role: 'owner' })).toMatchObject(notAllowed);
  });
});

describe('PATCH /documents/:id/members/:userId', () => {
  it('an owner gives a member another role', async () => {
    const answer = await owner.patch(`${path}/${viewer.user.id}`, { role: 'editor' });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(entry(viewer, 'editor'));
    expect(api.heard).toEqual([changed(viewer)]);
    expect(await viewer.put(`/documents/${id}/content`, 'now I may')).toMatchObject({ status: 204 });
  });

  it('others do not, and who is no member is not found', async () => {
    expect(await editor.patch(`${path}/${viewer.user.id}`, { role: 'editor' })).toMatchObject(notAllowed);
    expect(await viewer.patch(`${path}/${viewer.user.id}`, { role: 'owner' })).toMatchObject(notAllowed);
    expect(await stranger.patch(`${path}/${viewer.user.id}`, { role: 'owner' })).toMatchObject(noAccess);
    for (const nobody of [stranger.user.id, newUserId(), 'x']) {
      expect(await owner.patch(`${path}/${nobody}`, { role: 'editor' })).toMatchObject(noSuchMember);
    }
    expect(api.heard).toEqual([]);
  });

  it('the last owner is not demoted', async () => {
    expect(await owner.patch(`${path}/${owner.user.id}`, { role: 'editor' })).toMatchObject(lastOwner);
    expect(await owner.patch(`${path}/${owner.user.id}`, { role: 'owner' })).toMatchObject({ status: 200 });
  });
});

describe('DELETE /documents/:id/members/:userId', () => {
  it('an owner removes anybody, who is out at once', async () => {
    expect((await owner.delete(`${path}/${editor.user.id}`)).status).toBe(204);
    expect(api.heard).toEqual([changed(editor)]);
    expect(await editor.get(`/documents/${id}`)).toMatchObject(noAccess);
    expect(await owner.delete(`${path}/${editor.user.id}`)).toMatchObject(noSuchMember);
  });

  it('everyone may leave', async () => {
    expect((await viewer.delete(`${path}/${viewer.user.id}`)).status).toBe(204);
    expect((await editor.delete(`${path}/${editor.user.id.toUpperCase()}`)).status).toBe(204);
    expect(await viewer.get(`/documents/${id}`)).toMatchObject(noAccess);
    expect((await owner.get(path)).body).toEqual({ items: [entry(owner, 'owner')] });
  });

  it('only owners remove others', async () => {
    expect(await editor.delete(`${path}/${viewer.user.id}`)).toMatchObject(notAllowed);
    expect(await viewer.delete(`${path}/${newUserId()}`)).toMatchObject(notAllowed);
    expect(await stranger.delete(`${path}/${viewer.user.id}`)).toMatchObject(noAccess);
    expect(await stranger.delete(`${path}/${stranger.user.id}`)).toMatchObject(noAccess);
  });

  it('the last owner does not leave', async () => {
    expect(await owner.delete(`${path}/${owner.user.id}`)).toMatchObject(lastOwner);
    await owner.shares(id, editor, 'owner');
    expect((await owner.delete(`${path}/${owner.user.id}`)).status).toBe(204);
    expect(await editor.delete(`${path}/${editor.user.id}`)).toMatchObject(lastOwner);
  });

  it('of two owners who leave at once one stays', async () => {
    await owner.shares(id, editor, 'owner');
    const answers = await Promise.all([owner, editor].map((who) => who.delete(`${path}/${who.user.id}`)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409]);
  });

  it('of two owners who demote each other at once one stays', async () => {
    await owner.shares(id, editor, 'owner');
    const answers = await Promise.all([
      owner.patch(`${path}/${editor.user.id}`, { role: 'viewer' }),
      editor.patch(`${path}/${owner.user.id}`, { role: 'viewer' }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403]);
  });
});
