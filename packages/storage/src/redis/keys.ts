// How keys and channels are named: each begins with one of 256 hash tags, so that all that belongs to a document shares a slot on Redis Cluster.
import { DocumentId } from '@codesync/contract';

/** More than any cluster has primaries, few enough to list. Another number would look for every key in another place. */
export const SHARDS = 256;

export function shardName(shard: number): string {
  return `codesync:{s${String(shard).padStart(3, '0')}}`;
}

/** `codesync:{s042}`, to be followed by `:` and the rest of the key: of a document's id, or any other name. */
export function shardOf(name: string): string {
  return shardName(fnv1a(name) % SHARDS);
}

/** Ids are random, but not each of their digits is, in every kind of UUID. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** A document's log: the stream, whose name is that of its channel too, and the hash beside it. */
export function logKeys(document: DocumentId): [stream: string, meta: string] {
  const shard = shardOf(document);
  return [`${shard}:log:${document}`, `${shard}:meta:${document}`];
}

/** Every stream that `logKeys` names. */
export const LOG_STREAMS = 'codesync:{s???}:log:*';

/** Undefined for a name that `logKeys` does not give. */
export function documentOfStream(stream: string): DocumentId | undefined {
  return DocumentId.safeParse(stream.slice(stream.lastIndexOf(':') + 1)).data;
}
