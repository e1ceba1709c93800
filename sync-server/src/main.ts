// `node sync-server/src/main.ts`: the sync server as one task of many, configured by the environment alone.
import { createHttpServer, listen, openPlatform, serve, urlOf } from '@codesync/runtime';
import { answerSocketRequest, answerSocketUpgrade } from './socket-http.ts';
import { createSyncServer } from './sync-server.ts';

/** Milliseconds beyond the window in which sockets are closed: the last snapshots, farewells, and to close what it opened. */
const SAVING = 60_000;

await serve('sync', async (config, logger, told) => {
  await using opening = new AsyncDisposableStack();
  const platform = opening.adopt(await openPlatform(config, logger, told), (opened) => opened.close());
  const { server } = opening.adopt(createHttpServer(platform.clock), (opened) => opened.close());

  const origins = new Set([config.publicUrl, ...config.allowedOrigins]);
  const sync = createSyncServer(platform, {
    isAllowedOrigin: (origin) => origins.has(origin),
    snapshotInterval: config.snapshotInterval,
  });
  // R20: who sends people here sees first that it is leaving. Who comes all the same is told to come back, not left without an answer.
  opening.defer(async () => {
    const window = new Promise<void>((resolve) => platform.clock.after(config.drainWindow, resolve));
    await Promise.all([sync.drain({ window: config.drainWindow }), window]);
  });
  server.on('request', (request, response) => void answerSocketRequest(sync, request, response));
  server.on('upgrade', (request, socket, head) => answerSocketUpgrade(sync, request, socket, head));
  const port = await listen(server, config.port, config.host);

  const opened = opening.move();
  return {
    url: urlOf(config.host, port),
    stopWithin: config.drainWindow + SAVING,
    close: () => opened.disposeAsync(),
  };
});
