import { DocumentId, newDocumentId } from '@codesync/contract';
import { expect, it } from 'vitest';
import { slotOf } from './channel-routes.ts';
import { documentOfStream, logKeys, shardName, shardOf, SHARDS } from './keys.ts';

it('keys have the names that they had: with others, what is in Redis would not be found', () => {
  const document = DocumentId.parse('3b241101-e2bb-4255-8caf-4136c566a962');
  expect(logKeys(document)).toEqual([
    'codesync:{s116}:log:3b241101-e2bb-4255-8caf-4136c566a962',
    'codesync:{s116}:meta:3b241101-e2bb-4255-8caf-4136c566a962',
  ]);
});

it('all of a document’s keys share a slot, and a stream’s name leads back to its document', () => {
  const document = newDocumentId();
  const [stream, meta] = logKeys(document);
  expect(slotOf(stream)).toBe(slotOf(meta));
  expect(slotOf(stream)).toBe(slotOf(shardOf(document)));
  expect(documentOfStream(stream)).toBe(document);
  expect(documentOfStream('codesync:{s001}:log:something')).toBe(undefined);
});

it('documents are spread over all shards, and shards over all slots', () => {
  const shards = new Set(Array.from({ length: 5_000 }, () => shardOf(newDocumentId())));
  expect(shards.size).toBe(SHARDS);
  const slots = Array.from({ length: SHARDS }, (_, shard) => slotOf(shardName(shard)));
  // Of three primaries each has about a third.
  for (const third of [0, 1, 2]) {
    const share = slots.filter((slot) => Math.floor((slot / 16_384) * 3) === third).length;
    expect(share).toBeGreaterThan(SHARDS / 5);
  }
});
