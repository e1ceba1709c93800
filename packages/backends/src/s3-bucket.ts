// HeadBucket and ListObjectsV2 for s3rver: it looks for a bucket by walking through all that is in it, and its listings name the next
// page by a cipher that Node no longer has.
import type { RequestListener, ServerResponse } from 'node:http';
import type { FilesystemStore, ListedObject, Listing } from './s3rver.ts';

const MAX_KEYS = 1_000;

/** Answers listings of buckets that are there; everything else is `app`'s, looking for a bucket made cheap. */
export function withBuckets(store: FilesystemStore, app: RequestListener): RequestListener {
  async function list(bucket: string, query: URLSearchParams, response: ServerResponse): Promise<void> {
    const token = query.get('continuation-token');
    const listing = await store.listObjects(bucket, {
      prefix: query.get('prefix') ?? '',
      startAfter: token === null ? (query.get('start-after') ?? '') : decode(token),
      maxKeys: Math.min(MAX_KEYS, Number(query.get('max-keys') ?? MAX_KEYS)),
    });
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(xmlOf(bucket, listing));
  }

  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://s3');
    const [, bucket = '', key = ''] = pathname.split('/', 3);
    // To `app` it is a listing without its body, and one of no keys costs nothing. Who may ask is still `app`'s to judge.
    if (request.method === 'HEAD' && key === '') request.url = `/${bucket}?max-keys=0`;
    const ours =
      request.method === 'GET' && key === '' && searchParams.get('list-type') === '2' && !searchParams.has('delimiter');

    async function answer(): Promise<void> {
      if (ours && (await store.getBucket(bucket))) await list(bucket, searchParams, response);
      else app(request, response);
    }

    answer().catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'application/xml' });
      response.end(element('Error', element('Code', 'InternalError') + element('Message', escape(String(error)))));
    });
  };
}

function xmlOf(bucket: string, { objects, isTruncated }: Listing): string {
  const last = isTruncated ? objects.at(-1) : undefined;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    element('Name', escape(bucket)),
    element('KeyCount', String(objects.length)),
    element('IsTruncated', String(isTruncated)),
    last === undefined ? '' : element('NextContinuationToken', encode(last.key)),
    ...objects.map((object) => element('Contents', contentsOf(object))),
    '</ListBucketResult>',
  ].join('');
}

function contentsOf({ key, size, lastModifiedDate }: ListedObject): string {
  return (
    element('Key', escape(key)) +
    element('LastModified', lastModifiedDate.toISOString()) +
    element('Size', String(size)) +
    element('StorageClass', 'STANDARD')
  );
}

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`;

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const encode = (key: string): string => Buffer.from(key).toString('base64');

const decode = (token: string): string => Buffer.from(token, 'base64').toString();
