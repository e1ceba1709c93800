// The whole of CodeSync in one process on one port: the API, the sync server and the built web app over one platform.
import { createApi, listenerOf } from '@codesync/api';
import { Failure } from '@codesync/contract';
import {
  createHttpServer,
  createLogger,
  listen,
  localOrigins,
  openPlatform,
  readConfig,
  type EmbeddedConfig,
  type Server,
} from '@codesync/runtime';
import type { Logger } from '@codesync/storage';
import { answerSocketUpgrade, createSyncServer } from '@codesync/sync-server';
import type { RequestListener } from 'node:http';
import { openBuiltWeb } from './built-web.ts';
import { answerRequest, type Parts } from './front-door.ts';

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
  const config = { ...readConfig('embedded', {}), ...settings };
  const { logger = createLogger(config.logLevel), openWeb = openBuiltWeb } = parts;
  await using opening = new AsyncDisposableStack();

  const web = await openWeb();
  const platform = opening.adopt(await openPlatform(config, logger), (opened) => opened.close());
  const { server } = opening.adopt(createHttpServer(platform.clock), (opened) => opened.close());
  const port = await listen(server, config.port, config.host);
  const { publicUrl, allowed } = localOrigins(config, port);
  const isAllowedOrigin = (origin: string) => allowed.includes(origin);

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

  const door: Parts = { api: listenerOf(api), sync, web };
  server.on('request', (request, response) => answerRequest(door, request, response));
  server.on('upgrade', (request, socket, head) => answerSocketUpgrade(sync, request, socket, head));
  await Promise.all([check(), sync.ready()]);

  const opened = opening.move();
  return { url: publicUrl, close: () => opened.disposeAsync() };
}
