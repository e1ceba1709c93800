// Looking whether the bucket is there costs the same however much is in it: readiness does so all the time.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { withBuckets } from './s3-bucket.ts';

it.for([
  { bucket: 'there', status: 200, asked: 0 },
  { bucket: 'missing', status: 404, asked: 1 },
])('HEAD of a bucket that is $bucket is $status, and nothing is listed', async ({ bucket, status, asked }) => {
  let listings = 0;
  let passedOn = 0;
  const store = {
    getBucket: async (name: string) => (name === 'there' ? {} : null),
    listObjects: async () => {
      listings += 1;
      return { objects: [], commonPrefixes: [], isTruncated: false };
    },
  };
  const server = createServer(
    withBuckets(store, (_, response) => {
      passedOn += 1;
      response.writeHead(404).end();
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/${bucket}`, { method: 'HEAD' });
    expect({ status: answer.status, listings, passedOn }).toEqual({ status, listings: 0, passedOn: asked });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
