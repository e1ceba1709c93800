import { TicketClaims } from '@codesync/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestApi, OPENING, type Person, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let owner: Person;

beforeAll(async () => {
  api = await openTestApi();
}, OPENING);
beforeEach(async () => {
  await api.reset();
  owner = await api.person('Olga');
});
afterAll(() => api.close());

describe('POST /documents/:id/tickets', () => {
  it('a ticket names person, session and document, and lives for a minute', async () => {
    const { id } = await owner.creates();
    const answer = await owner.post(`/documents/${id}/tickets`);
    expect(answer.status).toBe(201);
    const { ticket, expiresAt } = answer.body as { ticket: string; expiresAt: string };
    expect(Date.parse(expiresAt)).toBe(api.clock.now() + 60_000);
    const claims = TicketClaims.parse(api.tokens.verify(ticket));
    expect(claims).toMatchObject({ sub: owner.user.id, doc: id });
    expect(await api.sessions.find(claims.sid, api.clock.now())).toBe(owner.user.id);
    await api.clock.advance(60_000);
    expect(api.tokens.verify(ticket)).toBeUndefined();
  });

  it('a ticket is no session, neither as a Bearer nor as the cookie', async () => {
    const { id } = await owner.creates();
    const { ticket } = (await owner.post(`/documents/${id}/tickets`)).body as { ticket: string };
    expect(await api.withToken(ticket).get('/auth/me')).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
    expect((await api.byCookie({ ...owner, token: ticket }).get('/auth/me')).status).toBe(401);
  });

  it.each(['viewer', 'editor'])('a %s gets tickets too', async (role) => {
    const member = await api.person('Mia');
    const { id } = await owner.creates();
    await owner.shares(id, member, role);
    expect((await member.post(`/documents/${id}/tickets`)).status).toBe(201);
  });

  it('nobody gets a ticket for a document in the trash, its owner included', async () => {
    const { id } = await owner.creates();
    await owner.delete(`/documents/${id}`);
    expect(await owner.post(`/documents/${id}/tickets`)).toMatchObject({
      status: 404,
      body: { code: 'document_not_found' },
    });
  });
});
