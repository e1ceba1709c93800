// HeadBucket and ListObjectsV2 for s3rver: its own look walks through every object, and its listings name the next page by a cipher
// that Node no longer has.
import type { RequestListener, ServerResponse } from 'node:http';
import type { FilesystemStore, ListedObject, Listing } from './s3rver.ts';

const MAX_KEYS = 1_000;

/** Answers these two for buckets that are there; everything else is `app`'s. */
export function withBuckets(
  store: Pick<FilesystemStore, 'getBucket' | 'listObjects'>,
  app: RequestListener,
): RequestListener {
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
    const looks = request.method === 'HEAD' && key === '' && bucket !== '';
    const lists =
      request.method === 'GET' && key === '' && searchParams.get('list-type') === '2' && !searchParams.has('delimiter');

    async function answer(): Promise<void> {
      if ((!looks && !lists) || !(await store.getBucket(bucket))) app(request, response);
      else if (looks) response.writeHead(200).end();
      else await list(bucket, searchParams, response);
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
