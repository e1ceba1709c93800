import { newDocumentId, newUserId } from '@codesync/contract';
import { expect, it } from 'vitest';
import { createMemoryDocumentAccess } from './document-access.ts';

const ann = { id: newUserId(), name: 'Ann' };
const document = newDocumentId();

it('access is what was granted last, until it is revoked', async () => {
  const access = createMemoryDocumentAccess();
  expect(await access.find(document, ann.id)).toEqual({ kind: 'not-found' });
  access.grant(document, ann, 'viewer');
  access.grant(document, ann, 'editor');
  expect(await access.find(document, ann.id)).toMatchObject({ kind: 'granted', role: 'editor', user: ann });
  expect(await access.find(document, newUserId())).toEqual({ kind: 'no-access' });
  access.revoke(document, ann.id);
  expect(await access.find(document, ann.id)).toEqual({ kind: 'no-access' });
});

it('a document in the trash is found by nobody until it is restored, and one deleted for good never again', async () => {
  const access = createMemoryDocumentAccess();
  access.grant(document, ann, 'owner');
  access.trash(document);
  expect(await access.find(document, ann.id)).toEqual({ kind: 'not-found' });
  access.restore(document);
  expect(await access.find(document, ann.id)).toMatchObject({ kind: 'granted', role: 'owner' });
  access.remove(document);
  expect(await access.find(document, ann.id)).toEqual({ kind: 'not-found' });
});

it('R23: the generation stays until the history is replaced', async () => {
  const access = createMemoryDocumentAccess();
  access.grant(document, ann, 'owner');
  const generation = async (): Promise<unknown> => {
    const found = await access.find(document, ann.id);
    return found.kind === 'granted' ? found.generation : undefined;
  };
  const first = await generation();
  expect(await generation()).toBe(first);
  access.replaceHistory(document);
  expect(await generation()).not.toBe(first);
});

it('the time of the last edit never goes back', async () => {
  const access = createMemoryDocumentAccess();
  access.grant(document, ann, 'owner');
  expect(access.touchedAt(document)).toBeUndefined();
  await access.touch(document, 20);
  await access.touch(document, 10);
  expect(access.touchedAt(document)).toBe(20);
});

it('R15: while it is down it rejects, and answers again when it is back', async () => {
  const access = createMemoryDocumentAccess();
  access.grant(document, ann, 'owner');
  access.fail(new Error('the database is down'));
  await expect(access.find(document, ann.id)).rejects.toThrow('the database is down');
  await expect(access.check()).rejects.toThrow('the database is down');
  access.heal();
  expect(await access.find(document, ann.id)).toMatchObject({ kind: 'granted' });
});
