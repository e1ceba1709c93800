import { expect, it } from 'vitest';
import { DocumentId, newDocumentId, newSessionId, newSnapshotId, newUserId } from './ids.ts';

it('ids are random UUIDs, and nothing else is an id', () => {
  const ids = [newUserId(), newDocumentId(), newSessionId(), newSnapshotId()];
  expect(new Set(ids).size).toBe(4);
  for (const id of ids) expect(DocumentId.safeParse(id).success).toBe(true);
  for (const value of ['', 'x', '../etc/passwd', `${ids[0]}x`, `${ids[0]}\n`, 7, null]) {
    expect(DocumentId.safeParse(value).success).toBe(false);
  }
});

it('an id has one spelling: the same one in capitals would be another document to the log and the same one to Postgres', () => {
  const id = '3b241101-e2bb-4255-8caf-4136c566a962';
  expect(DocumentId.parse(id)).toBe(id);
  expect(DocumentId.safeParse(id.toUpperCase()).success).toBe(false);
});
