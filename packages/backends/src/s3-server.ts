// A real S3 API over HTTP in this process, on a free port, with faults that a test switches on. Signatures are not verified.
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isAddressInUse, LOOPBACK, onFreePort } from './address.ts';
import { openKeeper } from './keeper.ts';
import { withBuckets } from './s3-bucket.ts';
import { keepPromises } from './s3-store.ts';
import { S3rver } from './s3rver.ts';

/**
 * - `error`: 500 InternalError, nothing is done;
 * - `slow`: done and answered after 3 s;
 * - `hang`: never answered, nothing is done;
 * - `lost`: done, but the connection is reset instead of an answer;
 * - `down`: connections are reset, those that are open too.
 */
export type S3Fault = 'none' | 'error' | 'slow' | 'hang' | 'lost' | 'down';

export interface S3Options {
  /** Where objects outlive the server. Without: a temporary one. */
  readonly folder?: string;
  /** A free one unless given. */
  readonly port?: number;
}

export interface S3Server {
  readonly endpoint: string;
  readonly region: string;
  /** There, and empty when the folder is new. */
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** From now on for every request, or for as many as said (`down` counts none); then `none`. */
  fault(kind: S3Fault, requests?: number): void;
  /** Resets what is open. Resolves when the temporary folder is gone. Twice is harmless. */
  stop(): Promise<void>;
}

const BUCKET = 'codesync';

/** The only account that s3rver knows. */
const KEY = 'S3RVER';

/** In ms. */
const SLOW = 3_000;

const INTERNAL_ERROR = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>InternalError</Code><Message>We encountered an internal error. Please try again.</Message></Error>`;

export async function startS3(options: S3Options = {}): Promise<S3Server> {
  const keeper = await openKeeper({ name: 's3', signal: 'KILL' });
  try {
    const folder = options.folder === undefined ? keeper.folder : resolve(options.folder);
    return await onFreePort(
      options.port,
      async (port) => serve(port, await openApp(folder), () => keeper.end()),
      isAddressInUse,
    );
  } catch (error) {
    await keeper.end();
    throw error;
  }
}

async function openApp(folder: string): Promise<RequestListener> {
  const directory = join(folder, 'buckets');
  const unfinished = join(folder, 'unfinished');
  await mkdir(directory, { recursive: true });
  await mkdir(unfinished, { recursive: true });
  const app = new S3rver({ directory, silent: true, vhostBuckets: false, configureBuckets: [{ name: BUCKET }] });
  keepPromises(app.store, unfinished);
  await app.configureBuckets();
  return withBuckets(app.store, app.callback());
}

async function serve(port: number, app: RequestListener, end: () => Promise<void>): Promise<S3Server> {
  let fault: S3Fault = 'none';
  let remaining = Infinity;
  const sockets = new Set<Socket>();

  function nextFault(): S3Fault {
    const now = fault;
    if (--remaining <= 0) fault = 'none';
    return now;
  }

  function resetAll(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }

  const server = createServer((request, response) => {
    void answer(nextFault(), request, response, app);
  });
  server.on('connection', (socket) => {
    if (fault === 'down') {
      socket.resetAndDestroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await listen(server, port);

  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    const closed = once(server, 'close');
    server.close();
    resetAll();
    await closed;
    await end();
  }

  return {
    endpoint: `http://${LOOPBACK}:${port}`,
    region: 'us-east-1',
    bucket: BUCKET,
    accessKeyId: KEY,
    secretAccessKey: KEY,
    fault(kind, requests = Infinity) {
      fault = kind;
      remaining = requests;
      if (kind === 'down') resetAll();
    },
    stop: () => (stopping ??= stop()),
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
}

async function answer(
  fault: S3Fault,
  request: IncomingMessage,
  response: ServerResponse,
  app: RequestListener,
): Promise<void> {
  switch (fault) {
    case 'none':
    case 'down':
      app(request, response);
      return;
    case 'slow':
      await setTimeout(SLOW);
      app(request, response);
      return;
    case 'hang':
      return;
    case 'lost':
      // The response is ended when all is done.
      response.write = () => true;
      response.end = () => {
        request.socket.resetAndDestroy();
        return response;
      };
      app(request, response);
      return;
    case 'error':
      request.resume().on('end', () => {
        response.writeHead(500, { 'content-type': 'application/xml' });
        response.end(INTERNAL_ERROR);
      });
  }
}
