// The whole of CodeSync in one process on one port: the API, the sync server and the built web app over one platform.
import { createApi } from '@codesync/api';
import { Failure } from '@codesync/contract';
import {
  createLogger,
  listen,
  openPlatform,
  readConfig,
  StartFailure,
  type EmbeddedConfig,
  type Server,
} from '@codesync/runtime';
import type { Logger } from '@codesync/storage';
import { createSyncServer } from '@codesync/sync-server';
import { getRequestListener } from '@hono/node-server';
import { existsSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createHttpCloser } from './close-http.ts';
import { answerRequest, answerUpgrade, type Parts } from './front-door.ts';
import { createOrigins } from './origins.ts';
import { openWebFiles } from './web-files.ts';

const BUILT_WEB = fileURLToPath(new URL('../../../web/dist', import.meta.url));

/** Milliseconds over which sockets are told to come back: they all come back to this one process. */
const DRAIN_WINDOW = 500;

/** What of the configuration a test or a tool must say; the rest is as in `npm start`. */
export type StandaloneSettings = Pick<EmbeddedConfig, 'port' | 'data'> & Partial<EmbeddedConfig>;

export interface StandaloneParts {
  readonly logger?: Logger;
  /** What answers for the web app; by default the files in web/dist. */
  readonly openWeb?: () => Promise<RequestListener>;
}

/** Resolves when every part answers. Throws StartFailure for what whoever starts it can mend. */
export async function startStandalone(settings: StandaloneSettings, parts: StandaloneParts = {}): Promise<Server> {
  const config = { ...readConfig({}), ...settings };
  const { logger = createLogger(config.logLevel), openWeb = openBuiltWeb } = parts;
  await using opening = new AsyncDisposableStack();

  const web = await openWeb();
  const platform = opening.adopt(await openPlatform(config, logger), (opened) => opened.close());
  const server = createServer();
  opening.defer(createHttpCloser(server, platform.clock));
  const port = await listen(server, config.port, config.host);
  const { publicUrl, isAllowedOrigin } = createOrigins(config, port);

  let draining = false;
  const check = async () => {
    if (draining) throw new Failure('unavailable', { detail: 'CodeSync is shutting down.' });
    await platform.check();
  };
  const sync = createSyncServer(platform, { isAllowedOrigin, snapshotInterval: config.snapshotInterval });
  const api = createApi({ ...platform, check }, { publicUrl, isAllowedOrigin });
  opening.defer(async () => {
    draining = true;
    await sync.drain({ window: DRAIN_WINDOW });
  });

  const door: Parts = { api: listenerOf(api.fetch), socket: sync, web };
  server.on('request', (request, response) => answerRequest(door, request, response));
  server.on('upgrade', (request, socket, head) => answerUpgrade(door, request, socket, head));
  await Promise.all([check(), sync.ready()]);

  const opened = opening.move();
  return { url: publicUrl, close: () => opened.disposeAsync() };
}

async function openBuiltWeb(): Promise<RequestListener> {
  if (!existsSync(BUILT_WEB)) throw new StartFailure('The web app is not built; npm start builds it.');
  return openWebFiles(BUILT_WEB);
}

function listenerOf(fetch: (request: Request) => Response | Promise<Response>): RequestListener {
  // Node's own Request and Response stay as they are for everyone else in this process.
  const listener = getRequestListener((request) => fetch(request), { overrideGlobalObjects: false });
  return (request, response) => void listener(request, response);
}
